#!/usr/bin/env python3
"""Checks a folder that alignx-emit wrote: personas, splits, variants, profiles,
provenance, manifest; by rules worked out again here.
usage: check_records.py FOLDER INTERACTIONS author|matched"""
import collections
import glob
import hashlib
import json
import sys

import msgpack

UGC, PAIR, DIR = "User-Generated Content", "Pair-wise Comparative Feedback", "Preference Direction"


def read(paths):
    for path in sorted(paths):
        with open(path, "rb") as f:
            yield from msgpack.Unpacker(f, raw=False, max_buffer_size=0)


def published(direction):
    return [b / 2 for b in direction]


def at(record, pointer):
    for step in pointer[1:].split("/"):
        record = record[int(step)] if isinstance(record, list) else record[step]
    return record


def check_history(record):
    """No net conflict with the record on any of its dimensions."""
    own = published(record[DIR])
    for items in (record[UGC], record[PAIR], record[UGC] + record[PAIR]):
        for i, d in enumerate(own):
            if d == 0.5 or not items:
                continue
            mean = sum(published(x[DIR])[i] for x in items) / len(items)
            assert (mean - 0.5) * (d - 0.5) >= 0, (record["provenance"]["id"], i, mean)


def want_profile(items, labels):
    if not items:
        return None
    sums = [sum(published(x[DIR])[i] for x in items) for i in range(90)]
    n = len(items)
    out = [1 if 10 * s >= 6 * n else 0 if 10 * s <= 4 * n else 0.5 for s in sums]
    if all(v == 0.5 for v in out) and max(sums) != min(sums):
        high = n - max(sums) < min(sums)
        out = [1 if high and s == max(sums) else 0 if not high and s == min(sums) else 0.5 for s in sums]
    return ", ".join(labels[i][0 if v == 1 else 1] for i, v in enumerate(out) if v != 0.5)


def main():
    folder, mode = sys.argv[1], sys.argv[3]
    given = {x["id"]: x for x in read([sys.argv[2]])}
    labels = [line.split("\t")[4:6] for line in open("schema/dimensions.tsv") if not line.startswith("#")]
    seen = {"train": [set(), set()], "test": [set(), set()]}  # posts, users
    rows, chosen = 0, collections.Counter()
    for stream in ("train", "test/UGC", "test/PAIR", "test/DEMO", "test/arbitrary"):
        split = stream.split("/")[0]
        for r in read(glob.glob(f"{folder}/{stream}/*.msgpack")):
            rows += 1
            p = r["provenance"]
            assert p["split"] == split
            check_history(r)
            assert len(r[UGC]) <= 4 and len(r[PAIR]) <= 4
            posts = [t["thread"] for t in p["texts"] if t["pointer"].endswith("prompt")]
            assert len(set(posts)) == 1 + len(r[UGC]) + len(r[PAIR]), "a post stands twice in a record"
            for t in p["texts"]:
                x = given[t["id"]]
                assert t["place"] == x["place"] and t["thread"] == x["post"] and t.get("user") == x.get("user")
                assert at(r, t["pointer"]) == "\n\n".join(
                    given[u["id"]]["text"] for u in p["texts"] if u["pointer"] == t["pointer"])
                if x["source"] == "reddit":
                    seen[split][0].add(x["post"])
                    seen[split][1].add(x.get("user"))
            assert len({t["pointer"] for t in p["texts"]}) == 3 + 2 * len(r[UGC]) + 3 * len(r[PAIR])
            assert not p.get("uninformed")
            chosen[p["source"], [t["id"] for t in p["texts"] if t["pointer"] == "/chosen"][0]] += stream in ("train", "test/UGC")
            if mode == "author" and p["source"] == "reddit":
                mine = [t["id"] for t in p["texts"] if t["pointer"].endswith(("comment", "chosen"))]
                assert all(given[i]["user"] == p["user"] for i in mine)
            if p["source"] == "ultrafeedback":
                assert all(d == 0.5 for i, d in enumerate(published(r[DIR])) if i != 44)
            assert r.get("profile") == want_profile(r[UGC] + r[PAIR], labels)
            for name, empty in (("test/UGC", PAIR), ("test/PAIR", UGC)):
                assert stream != name or (r[empty] == [] and r["Demographic Information"] == "")
            assert (r["Demographic Information"] != "") == (stream in ("train", "test/DEMO", "test/arbitrary"))
    assert max(chosen.values()) <= 2, "a chosen text stands in more than two records"
    for r in read(glob.glob(f"{folder}/uninformed/*")):
        rows += 1
        assert r["provenance"]["uninformed"] and "agreement" not in r["provenance"]
    assert rows > 100 and len(seen["test"][0]) > 2
    assert not seen["train"][0] & seen["test"][0], "a post is in both parts"
    assert not seen["train"][1] & seen["test"][1], "a user is in both parts"
    variants = [[r["provenance"]["id"] for r in read(glob.glob(f"{folder}/test/{v}/*"))]
                for v in ("UGC", "PAIR", "DEMO", "arbitrary")]
    assert all(v == variants[0] for v in variants)
    manifest = json.load(open(f"{folder}/manifest.json"))
    assert sum(f["records"] for f in manifest["files"]) == rows
    for f in manifest["files"]:
        data = open(f"{folder}/{f['file']}", "rb").read()
        assert hashlib.sha256(data).hexdigest() == f["sha256"] and len(data) == f["bytes"]


main()
