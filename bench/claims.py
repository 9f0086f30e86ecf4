"""What the mapping claims of real texts, compared with what a careful reading found."""
import collections
import json

from labelled import DIMENSIONS, INGEST, pipe, read_lines, run, sign

THRESHOLD = 0.1			# of value times confidence, as in alignx-pair
FOUND = (0.10, 0.15, 0.20, 0.25, 0.30, 0.35)
LEAST_LABELS = 8		# of a pole, for an area
KINDS = ("none", "said", "done", "topic", "style", "community", "wording", "rated")
COMPARED = {"communication-style", "harmlessness", "instruction-following", "honesty", "truthfulness", "helpfulness",
            "coherence", "complexity"}
PAIR = "alignx-pair -q --min-chars 1 --max-ratio 0 -n 64 --any-depth"


class Unit:
    """One text, or two with a comparison: ids of interactions, the labels of each."""

    def __init__(self, ids, labels, compare):
        self.ids, self.labels, self.compare = ids, labels, compare


class Real:
    """The units of a file of JSON lines."""

    def __init__(self, name, part, dimensions):
        self.name, self.keys = name, [d[0] for d in dimensions]
        lines = read_lines(name, set(self.keys))
        self.units, self.interactions, self.texts = [], {}, []
        for number, line in enumerate(lines[part == "odd"::2] if part else lines):
            self.add(number, line)

    def add(self, number, line):
        if "interactions" in line:
            self.interactions.update((one["id"], one) for one in line["interactions"])
            ids = [one["id"] for one in line["interactions"]]
        elif "text" in line:
            ids = ["n%d" % number]
            self.texts.append({"id": ids[0], "text": line["text"]})
        else:
            post = "n%dp" % number
            ids = ["n%da" % number, "n%db" % number]
            self.texts.append({"id": post, "text": line["prompt"]})
            self.texts += ({"id": id_, "text": line[side], "post": post, "parent": post}
                           for id_, side in zip(ids, ("first", "second")))
        labels = line["labels"] if isinstance(line["labels"], list) else [line["labels"]]
        self.units.append(Unit(ids[:len(labels)], labels, line.get("compare", {})))


# --- what the programs say --------------------------------------------------------

def kind_word(kind):
    return kind if isinstance(kind, str) else KINDS[kind]


def as_input(lines):
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def judge(build, options, real):
    """By id, intensities; by ids of two texts, the direction and its kinds of evidence."""
    mapped = b""
    for lines, first in (real.interactions.values(), "alignx-cat --to msgpack"), (real.texts, INGEST):
        if lines:
            mapped += run(pipe(build, first, "alignx-map -q --extract " + options), input=as_input(lines))
    intensities, pairs = {}, {}
    for row in run(pipe(build, "alignx-cat"), input=mapped).decode().splitlines():
        message = json.loads(row)
        if "intensities" in message:
            intensities[message["id"]] = message["intensities"]
    if any(len(unit.ids) == 2 for unit in real.units):
        for row in run(pipe(build, PAIR, "alignx-cat"), input=mapped).decode().splitlines():
            message = json.loads(row)
            if message["kind"] == "pair":
                add_pair(pairs, message)
    return intensities, pairs


def add_pair(pairs, message):
    first, second = message["first"]["id"], message["second"]["id"]
    signs = [sign(x - 0.5) for x in message["direction"]]
    kinds = message.get("evidence")
    pairs[first, second] = signs, kinds
    pairs[second, first] = [-s for s in signs], kinds


# --- what is counted ----------------------------------------------------------------

class Tally:
    """Claims and labels; a claim is right, contradicted, or unfounded."""

    def __init__(self):
        self.claims = self.right = self.contradicted = self.labels = 0

    def add(self, got, want):
        self.claims += got != 0
        self.right += got != 0 and got == want
        self.contradicted += got != 0 and got == -want
        self.labels += want != 0

    def shares(self):
        """Right, contradicted and unfounded among the claims; found among the labels."""
        n = max(self.claims, 1)
        return {"right": (self.claims, self.right / n), "contradicted": (self.claims, self.contradicted / n),
                "unfounded": (self.claims, (self.claims - self.right - self.contradicted) / n),
                "found": (self.labels, self.right / max(self.labels, 1))}


class Counts:
    """Of texts, or of pairs: all claims, by dimension, and by kind of evidence."""

    def __init__(self):
        self.all, self.by_dimension, self.by_kind = Tally(), collections.defaultdict(Tally), collections.defaultdict(Tally)

    def add(self, key, got, want, kind):
        self.all.add(got, want)
        self.by_dimension[key].add(got, want)
        if got and kind is not None:
            self.by_kind[kind_word(kind)].add(got, want)


class Quality:
    """All that is counted, over one file or several."""

    def __init__(self):
        self.texts, self.pairs, self.without_pair = Counts(), Counts(), 0
        self.scored = []			# (score, confidence, claimed sign, label's sign) where anything is claimed at all
        self.scores = collections.defaultdict(list)	# by key: (score, label's sign) of all texts

    def add_text(self, keys, labels, intensities):
        zeros = [0] * DIMENSIONS
        value = intensities["value"] if intensities else zeros	# a text that ingest dropped
        confidence = intensities["confidence"] if intensities else zeros
        kinds = (intensities or {}).get("evidence", [None] * DIMENSIONS)
        for key, v, c, kind in zip(keys, value, confidence, kinds):
            want, score = sign(labels.get(key, 0)), v * c / 1e4	# they are hundredths
            self.texts.add(key, sign(score) if abs(v * c) > THRESHOLD * 1e4 else 0, want, kind)
            self.scores[key].append((score, want))
            if v and c:
                self.scored.append((abs(score), c / 100, sign(v), want))

    def add_pair(self, keys, unit, direction):
        if direction is None:
            self.without_pair += 1
            return
        signs, kinds = direction
        for key, got, kind in zip(keys, signs, kinds or [None] * DIMENSIONS):
            first, second = (labels.get(key, 0) for labels in unit.labels)
            want = sign(unit.compare.get(key, 0) if key in COMPARED else first - second)
            self.pairs.add(key, got, want, kind)

    def add(self, build, options, real):
        intensities, pairs = judge(build, options, real)
        for unit in real.units:
            for id_, labels in zip(unit.ids, unit.labels):
                self.add_text(real.keys, labels, intensities.get(id_))
            if len(unit.ids) == 2:
                self.add_pair(real.keys, unit, pairs.get(tuple(unit.ids)))

    def right_at_found(self):
        """For each share of labels found, the share of claims that are right, by
        the strongest claims first; claims of one score count as mixed evenly.
        None where not so many are found."""
        labels = self.texts.all.labels
        by_score = collections.defaultdict(lambda: [0, 0])
        for score, _, got, want in self.scored:
            by_score[score][0] += 1
            by_score[score][1] += got == want
        out, claims, right = {}, 0, 0
        for _, (n, hits) in sorted(by_score.items(), reverse=True):
            for found in FOUND:
                needed = found * labels - right
                if found not in out and hits and needed <= hits:
                    taken = claims + n * max(needed, 0) / hits
                    out[found] = round(taken), found * labels / max(taken, 1)
            claims, right = claims + n, right + hits
        return {found: out.get(found) for found in FOUND}

    def reliability(self):
        """By tenths of confidence: (from, entries, mean confidence, share right)."""
        tenths = [[0, 0.0, 0] for _ in range(10)]
        for _, confidence, got, want in self.scored:
            one = tenths[min(int(confidence * 10 + 1e-9), 9)]
            one[0] += 1
            one[1] += confidence
            one[2] += got == want
        return [(i / 10, n, total / n, right / n) for i, (n, total, right) in enumerate(tenths) if n]

    def areas(self, area):
        """By key and pole: (labels, area), label against no label of that pole."""
        out = {}
        for key, scores in self.scores.items():
            for pole in (1, -1):
                with_label = [pole * s for s, want in scores if want == pole]
                without = [pole * s for s, want in scores if want != pole]
                if len(with_label) >= LEAST_LABELS and without:
                    out[key, pole] = len(with_label), area(with_label, without)
        return out
