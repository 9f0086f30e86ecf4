#!/usr/bin/env python3
"""Checks what alignx-pair wrote against the interactions it was given, by rules worked
out again here.  usage: check_pairs.py INTERACTIONS PAIRS DEAD_ZONE MAX_RATIO"""
import sys

import msgpack


def read(path):
    with open(path, "rb") as f:
        yield from msgpack.Unpacker(f, raw=False, max_buffer_size=0)


def hundredths(packed):
    return [b - 256 if b > 127 else b for b in packed]


def evidence(x):
    return [v * c / 10000 for v, c in zip(hundredths(x["intensities"]["value"]), x["intensities"]["confidence"])]


def main():
    zone, ratio = float(sys.argv[3]), float(sys.argv[4])
    given = {x["id"]: x for x in read(sys.argv[1])}
    pairs = exchanges = rated = 0
    for x in read(sys.argv[2]):
        if x["kind"] == "exchange":
            exchanges += 1
            assert given[x["comment"]["id"]]["post"] == x["post"]["id"]
            assert given[x["comment"]["id"]].get("depth", 0) == 0
            continue
        pairs += 1
        first, second = given[x["first"]["id"]], given[x["second"]["id"]]
        assert first["post"] == second["post"] == x["post"]["id"]
        assert first["id"] != second["id"] and first.get("user", 1) != second.get("user", 2)
        assert x["first"]["text"] == first["text"] and x["post"]["text"] == given[x["post"]["id"]]["text"]
        a, b = len(first["text"]), len(second["text"])
        assert max(a, b) <= ratio * min(a, b), (a, b)
        is_rated = "ratings" in first
        want = [1 if d > zone else 0 if d < -zone else 0.5
                for d in (p - q for p, q in zip(evidence(first), evidence(second)))]
        if is_rated:
            rated += 1
            want = [w if i == 44 else 0.5 for i, w in enumerate(want)]
            assert first["ratings"]["helpfulness"] > second["ratings"]["helpfulness"]
        assert [b / 2 for b in x["direction"]] == want, x["id"]
        assert any(w != 0.5 for w in want)
        assert x.get("user") == first.get("user")
    assert pairs > 1000 and exchanges > 1000 and rated > 20, (pairs, exchanges, rated)


main()
