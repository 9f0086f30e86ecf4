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


def shows(one, other, i, zone):
    """The sign of a pole that one text surely shows and the other does not; else 0."""
    e, f = evidence(one)[i], evidence(other)[i]
    sure, doubt = one["intensities"]["confidence"][i], other["intensities"]["confidence"][i]
    if abs(e) <= zone or sure < 50 or (e * f > 0 and doubt > 20):
        return 0
    return 1 if e > 0 else -1


def check_prompt(given, prompt, response):
    """What a response answers: its parent, with the post above, or the post if the parent is not there."""
    post = given[response["post"]]
    above = given.get(response.get("parent", response["post"]), post)
    assert prompt["id"] == above["id"]
    if above["id"] == post["id"]:
        assert prompt["text"] == post["text"] and "thread" not in prompt
    else:
        assert prompt["text"] == post["text"] + "\n\n" + above["text"]
        assert (prompt["thread"], prompt["thread_user"]) == (post["id"], post["user"])
        assert prompt["thread_place"] == post["place"]
    assert above.get("user", 1) != response.get("user", 2)


def main():
    zone, ratio = float(sys.argv[3]), float(sys.argv[4])
    given = {x["id"]: x for x in read(sys.argv[1])}
    pairs = exchanges = rated = 0
    for x in read(sys.argv[2]):
        if x["kind"] == "exchange":
            exchanges += 1
            comment = given[x["comment"]["id"]]
            check_prompt(given, x["post"], comment)
            assert given[comment["post"]].get("user", 1) != comment.get("user", 2)
            continue
        pairs += 1
        first, second = given[x["first"]["id"]], given[x["second"]["id"]]
        assert first.get("parent") == second.get("parent") and first["post"] == second["post"]
        check_prompt(given, x["post"], first)
        assert first.get("parent", first["post"]) in given
        assert first["id"] != second["id"] and first.get("user", 1) != second.get("user", 2)
        assert x["first"]["text"] == first["text"]
        a, b = len(first["text"]), len(second["text"])
        assert max(a, b) <= ratio * min(a, b), (a, b)
        is_rated = "ratings" in first
        if is_rated:
            rated += 1
            want = [(1 if d > zone else 0 if d < -zone else 0.5) if i == 44 else 0.5
                    for i, d in enumerate(p - q for p, q in zip(evidence(first), evidence(second)))]
            assert first["ratings"]["helpfulness"] > second["ratings"]["helpfulness"]
        else:
            want = [0.5 + 0.5 * (shows(first, second, i, zone) or -shows(second, first, i, zone)) for i in range(90)]
        got = [b / 2 for b in x["direction"]]
        assert any(w != 0.5 for w in got)
        if not is_rated:  # those that compare answers have weights of their own
            got, want = ([w for i, w in enumerate(d) if i != 16 and not 40 <= i <= 46] for d in (got, want))
        assert got == want, x["id"]
        assert x.get("user") == first.get("user")
    assert pairs > 1000 and exchanges > 1000 and rated > 20, (pairs, exchanges, rated)


main()
