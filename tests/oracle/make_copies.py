#!/usr/bin/env python3
"""Writes interactions as JSON lines: clusters of equal and of nearly equal texts, and
texts that stand alone.  usage: make_copies.py SEED"""
import json
import random
import sys

R = random.Random(int(sys.argv[1]))
WORDS = ["w%d" % i for i in range(2000)]


def main():
    n = 0
    for cluster in range(300):
        words = [R.choice(WORDS) for _ in range(R.randint(30, 60))]
        for copy in range(R.randint(1, 4)):
            text = list(words)
            if copy == 2:
                text[R.randrange(len(text))] = "changed"
            if copy == 3:
                text = [w.upper() for w in text]
            n += 1
            print(json.dumps({"kind": "interaction", "version": 1, "id": f"c{cluster}.{copy}", "source": "reddit",
                              "type": "comment", "post": f"p{n}", "created": R.randrange(10000),
                              "text": "  ".join(text), "place": {"file": "f", "byte": n, "line": n}}))
    for short in range(40):
        n += 1
        print(json.dumps({"kind": "interaction", "version": 1, "id": f"s{short}", "source": "reddit",
                          "type": "comment", "post": f"p{n}", "created": short, "text": f"short text {short % 20}",
                          "place": {"file": "f", "byte": n, "line": n}}))


main()
