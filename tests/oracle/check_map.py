#!/usr/bin/env python3
"""Recomputes the output of alignx-map --keep-signals (JSON lines on standard input) by the formulas
of annotate/intensity.h and a weights.tsv."""
import json, math, sys

factor, constant = {}, {}
for line in open(sys.argv[1]):
    if line.strip() and not line.startswith("#"):
        kind, name, value = line.rstrip("\n").split("\t")
        (constant if kind == "constant" else factor)[name] = float(value)


def near(x, hundredths):
    """Is x, rounded to hundredths, this value?  A value on the edge may be rounded either way."""
    return abs(100 * x - hundredths) <= 0.5 + 1e-9


n = 0
for line in sys.stdin:
    x = json.loads(line)
    sums, alls = [0.0] * 90, [0.0] * 90
    for s in x["signals"]:
        e = s["weight"] * factor.get(s["rule"].split(".")[0], 1) * factor.get(s["rule"], 1)
        e *= sum(constant["repeat"] ** k for k in range(s["count"]))
        sums[s["dimension"]] += e if s["pole"] else -e
        alls[s["dimension"]] += e
    for i in range(90):
        value, confidence = x["intensities"]["value"][i], x["intensities"]["confidence"][i]
        if alls[i] == 0:
            assert value == confidence == 0
            continue
        share = abs(sums[i]) / alls[i]
        assert near((1 - math.exp(-constant["certainty"] * alls[i]))
                    * (1 - constant["conflict"] * (1 - share)), confidence), (x, i)
        assert near(sums[i] / (constant["scale"] + abs(sums[i])), value) or confidence == 0, (x, i)
        n += 1
assert n > 300, n
