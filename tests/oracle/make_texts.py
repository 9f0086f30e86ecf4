#!/usr/bin/env python3
"""Writes texts as interactions in JSON lines, for alignx-extract: the examples of the rule files
of a folder, and the same joined, shouted, with signs that are letters without case, and with signs
where blanks were and anywhere.  Further arguments are files of texts: one a line, in the first
column between tabs."""
import json, random, sys

lines = []
for name in sys.argv[2:]:
    with open(name, encoding="utf-8") as f:
        lines += [line.split("\t")[0].strip() for line in f]
examples = []
import glob
for name in sorted(glob.glob(sys.argv[1] + "/*.rules")):
    with open(name, encoding="utf-8") as f:
        for line in f:
            word, _, value = line.strip().partition(" ")
            if word in ("match", "reject"):
                examples.append(value.strip())
rng = random.Random(5)
texts = list(examples)
for i in range(len(examples)):
    a, b, c = (rng.choice(examples) for _ in range(3))
    texts.append(a + rng.choice([" ", "\n", ". ", "\n> ", " and ", ""]) + b)
    texts.append(rng.choice([str.upper, str.title, str.swapcase])(c))
    texts.append(c.replace("'", "\u2019").replace("s", rng.choice("s\u017f")).replace("k", rng.choice("k\u212a")))
texts += lines
rng = random.Random(6)
signs = ["_", "'", "\u00e9", "\u00a0", "\u2014", "\u2019", "  ", "\n", "_ ", " _", "' ", ".", ", ", "1", "-"]
for text in examples + examples + lines:
    texts.append("".join(rng.choice(signs) if rng.random() < (0.15 if c == " " else 0.01) else c for c in text))
rng = random.Random(7)
for n, text in enumerate(t for t in texts if t):
    x = {"kind": "interaction", "version": 1, "id": "t%d" % n, "source": "reddit", "type": "comment",
         "post": "p", "text": text, "place": {"file": "made", "byte": n, "line": n + 1}}
    if n % 3:
        x.update(score=n % 50 - 20, created=1134000000 + 997 * n, depth=n % 5, edited=n % 7 == 0,
                 community=rng.choice(["aww", "news", "askwomen", "frugal", "nowhere"]))
    print(json.dumps(x))
