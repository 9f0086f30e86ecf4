#!/usr/bin/env python3
"""Checks alignx-dedup: usage: check_copies.py INPUT OUTPUT SURVIVORS exact|near"""
import json
import sys


def key(row):
    return " ".join(row["text"].lower().split())


def main():
    given = [json.loads(line) for line in open(sys.argv[1])]
    kept = [json.loads(line) for line in open(sys.argv[2])]
    told = [json.loads(line) for line in open(sys.argv[3])]
    by_id = {r["id"]: r for r in given}
    ids = [r["id"] for r in kept]
    assert ids == [r["id"] for r in given if r["id"] in set(ids)], "the order of the input is kept"
    assert all(r == by_id[r["id"]] for r in kept), "records are unchanged"
    assert len(kept) + len(told) == len(given)
    assert {t["dropped"] for t in told}.isdisjoint(ids) and {t["survivor"] for t in told} <= set(ids)
    texts = {}
    for r in given:
        texts.setdefault(key(r), []).append(r)
    for same in texts.values():
        first = min(r["created"] for r in same)
        stay = [r for r in same if r["id"] in set(ids)]
        assert len(stay) <= 1
        if sys.argv[4] == "exact":
            assert len(stay) == 1 and stay[0]["created"] == first
    for t in told:
        assert by_id[t["survivor"]]["created"] <= by_id[t["dropped"]]["created"]
        assert t["exact"] == (key(by_id[t["survivor"]]) == key(by_id[t["dropped"]]))
        if t["dropped"][0] == "c":  # nothing is joined across clusters
            assert t["dropped"].split(".")[0] == t["survivor"].split(".")[0]
    clusters = {i.split(".")[0] for i in ids if i[0] == "c"}
    assert len(clusters) == 300
    if sys.argv[4] == "near":  # one word in fifty: J is near 0.8, most are found
        assert sum(i[0] == "c" for i in ids) <= 320, sum(i[0] == "c" for i in ids)


main()
