"""Quality of the mapping on labelled texts: area under the curve by dimension.

usage: mapping.py BUILD_FOLDER (traits|interests) FILE.tsv [odd|even]
traits: columns dimension, label, source, statement; the score is the intensity
of the statement's dimension, poles against each other.  interests: columns
dimension, community, text; the score is the intensity of each interest, its
texts against all others, communities unseen by the programs.  Ties count half.
odd, even: every other row alone, so that rules can be tried on what nobody
looked at while writing them.  Prints coverage and seconds too.
"""
import collections
import json
import os
import subprocess
import sys
import time

def intensities(build, texts):
    """The 90 values of each text, through the programs; zeros where dropped."""
    programs = [["alignx-ingest", "-q", "--source", "generic", "--field", "id=/id", "--field", "text=/text",
                 "--min-chars", "1", "--max-chars", "100000"], ["alignx-extract", "-q"], ["alignx-map", "-q"], ["alignx-cat"]]
    line = " | ".join(" ".join([os.path.join(build, p[0])] + p[1:]) for p in programs)
    rows = "".join(json.dumps({"id": str(i), "text": t}) + "\n" for i, t in enumerate(texts))
    out = [[0] * 90 for _ in texts]
    said = subprocess.run(line, shell=True, input=rows.encode(), stdout=subprocess.PIPE, check=True).stdout
    for row in said.decode().splitlines():
        noun = json.loads(row)
        values = noun["intensities"]["value"]
        out[int(noun["id"].split(":")[-1])] = values
    return out

def area(positive, negative):
    """Chance that a positive scores above a negative (Mann and Whitney)."""
    scored = sorted([(x, 1) for x in positive] + [(x, 0) for x in negative])
    total, i = 0, 0
    while i < len(scored):
        j = i
        while j < len(scored) and scored[j][0] == scored[i][0]:
            j += 1
        total += (i + j + 1) / 2 * sum(label for _, label in scored[i:j])
        i = j
    n = len(positive)
    return (total - n * (n + 1) / 2) / (n * len(negative))

def main():
    build, kind, name = sys.argv[1:4]
    with open(name, encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f][1:]
    if len(sys.argv) > 4:
        rows = rows[sys.argv[4] == "odd"::2]
    started = time.time()
    values = intensities(build, [r[-1] for r in rows])
    seconds = time.time() - started
    groups = collections.defaultdict(lambda: ([], []))
    for d in sorted({int(r[0]) for r in rows}):
        for r, v in zip(rows, values):
            if kind == "interests":
                groups[d][int(r[0]) == d].append(v[d])
            elif int(r[0]) == d:
                groups[d][int(r[1])].append(v[d])
    print("dimension\trows\tAUC\tcoverage")
    areas = []
    for d, (negative, positive) in sorted(groups.items()):
        areas.append(area(positive, negative))
        seen = positive if kind == "interests" else positive + negative
        print("%d\t%d\t%.3f\t%.2f" % (d, len(seen), areas[-1], sum(x != 0 for x in seen) / len(seen)))
    print("macro\t%d\t%.3f\t%.2f" % (len(rows), sum(areas) / len(areas),
                                     sum(any(v) for v in values) / len(values)))
    print("%.1f seconds, %.1f MB of text" % (seconds, sum(len(r[-1].encode()) for r in rows) / 1e6))

if __name__ == "__main__":
    main()
