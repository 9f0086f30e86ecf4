"""The page of the documentation that bench/mapping --table writes."""
import collections
import os

from claims import FOUND, KINDS

HERE = os.path.dirname(os.path.abspath(__file__))
STRONG, FAIR, LEAST_CLAIMS = 0.6, 0.4, 10
SHARES = ("claims", "right", "contradicted", "unfounded")
SECOND = ("interests", "traits", "accuracy", "agreement")


def label_of(tally):
    """The word for a dimension, by how many of its claims about real texts are right."""
    if not tally.claims:
        return "no claims"
    right = tally.right / tally.claims if tally.claims >= LEAST_CLAIMS else 0
    return "strong" if right >= STRONG else "fair" if right >= FAIR else "weak"


def row(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def of_claims(tally):
    if not tally.claims:
        return "0", "", "", ""
    shares = tally.shares()
    return ("{:,}".format(tally.claims), *("%.2f" % shares[one][1] for one in SHARES[1:]))


def found_of(tally):
    return "%.2f" % tally.shares()["found"][1] if tally.labels else ""


def total_rows(quality):
    return "".join(row(name, *of_claims(counts.all), found_of(counts.all))
                   for name, counts in (("texts", quality.texts), ("pairs", quality.pairs)) if counts.all.labels)


def kind_table(quality):
    """Empty where the programs say nothing of kinds."""
    rows = "".join(row(kind, what, *of_claims(counts.by_kind[kind]))
                   for what, counts in (("texts", quality.texts), ("pairs", quality.pairs))
                   for kind in KINDS if kind in counts.by_kind)
    head = "By the kind of evidence that a claim rests on:\n\n" + row("evidence", "", *SHARES) + "|---" * 6 + "|\n"
    return head + rows + "\n" if rows else ""


def curve_rows(quality):
    curve = quality.right_at_found()
    return row("found", *("%.2f" % found for found in FOUND)) + "|---" * (len(FOUND) + 1) + "|\n" \
        + row("right", *("%.2f" % curve[found][1] if curve[found] else "" for found in FOUND))


def confidence_rows(quality):
    return "".join(row("%.1f to %.1f" % (start, start + 0.1), "{:,}".format(n), "%.2f" % confidence, "%.2f" % right)
                   for start, n, confidence, right in quality.reliability())


def second_rows(dimensions, figures):
    """Dimensions that the second measures know anything of."""
    def cell(one, measure):
        return "%.2f" % one[measure][0] if measure in one else ""

    rows = []
    for number, (key, _, _) in enumerate(dimensions):
        one = figures.get(number)
        if one:
            words = ", ".join("%.2f" % one[k][1] for k in ("interests", "traits") if k in one)
            signs = "%.2f of %d" % (one["agreement"][0], one["agreement"][2]) if "agreement" in one else ""
            rows.append(row(key, cell(one, "interests"), cell(one, "traits"), words, signs))
    return "".join(rows)


def write_page(name, report, quality):
    with open(os.path.join(HERE, "mapping.page"), encoding="utf-8") as f:
        page = f.read()
    rows, labels = [], collections.Counter()
    for number, (key, _, _) in enumerate(report.dimensions):
        tally = quality.texts.by_dimension[key]
        label = label_of(tally)
        labels[label] += 1
        rows.append(row(number, key, *of_claims(tally)[:3], found_of(tally), label))
    text = page % dict({measure: report.totals[measure] for measure in SECOND},
                       **{word.replace(" ", "_"): labels[word] for word in ("strong", "fair", "weak", "no claims")},
                       read="{:,}".format(len(quality.scores[report.dimensions[0][0]])), totals=total_rows(quality),
                       kinds=kind_table(quality), curve=curve_rows(quality), confidence=confidence_rows(quality),
                       dimensions="".join(rows), second=second_rows(report.dimensions, report.figures))
    with open(name + ".tmp", "w", encoding="utf-8") as f:
        f.write(text)
    os.replace(name + ".tmp", name)
