#!/usr/bin/env python3
"""Writes interactions with made-up intensities as JSON lines: posts, comments, and a
rated alignment set; for tests of pairing and of records.  usage: make_mapped.py SEED"""
import json
import random
import sys

R = random.Random(int(sys.argv[1]))


def intensities(dimensions):
    value, confidence = [0] * 90, [0] * 90
    for i in R.sample(dimensions, min(6, len(dimensions))):
        value[i], confidence[i] = R.choice([-80, 80, 60, -60]), R.choice([60, 90])
    return {"annotator": "made-up/1", "value": value, "confidence": confidence}


def row(n, **more):
    print(json.dumps({"kind": "interaction", "version": 1, **more,
                      "place": {"file": "made-up", "byte": n * 10, "line": n + 1}}))


def author(post):
    """Users meet in a few posts, so that a split loses little."""
    return f"u{(5 * (post % 30) + R.randrange(7)) % 150}"


def main():
    n = 0
    for p in range(300):
        row(n, id=f"t3_{p}", source="reddit", type="post", post=f"t3_{p}", user=author(p),
            community=f"c{p % 9}", created=500 + p, text=f"a body with words\npost {p}")
        n += 1
    under = {}
    for k in range(4000):
        p = R.randrange(310)  # some comments have no post here
        above = R.choice(under[p]) if p in under and R.random() < 0.3 else f"t3_{p}"
        above = above if R.random() < 0.97 else f"t1_{k}_lost"  # which is not there
        row(n, id=f"t1_{k}", source="reddit", type="comment", post=f"t3_{p}", parent=above, user=author(p),
            community=f"c{p % 9}", depth=int(above != f"t3_{p}"), created=1000 + k, score=R.randrange(50),
            text=f"comment {k} " + "word " * R.randint(4, 60), intensities=intensities(range(90)))
        under.setdefault(p, []).append(f"t1_{k}")
        n += 1
    for p in range(40):
        row(n, id=f"uf:{p}", source="ultrafeedback", type="post", post=f"uf:{p}", text=f"prompt {p}")
        n += 1
        for k in range(3):
            stars = R.randint(-2, 2) / 2
            value, confidence = [0] * 90, [0] * 90
            value[44], confidence[44] = int(100 * stars), 100
            value[50], confidence[50] = R.choice([-90, 90]), 90  # not rated: must not count
            row(n, id=f"uf:{p}:{k}", source="ultrafeedback", type="response", post=f"uf:{p}",
                text=f"response {k} to prompt {p}, long enough", ratings={"helpfulness": stars},
                intensities={"annotator": "made-up/1", "value": value, "confidence": confidence})
            n += 1


main()
