"""A second opinion on how alignx-ingest reads Reddit dumps: reads the dump's
JSON lines from a file and interactions in JSON from standard input."""
import json
import re
import sys

rows = {}
for line in open(sys.argv[1]):
    row = json.loads(line)
    row["kind"] = "t1" if "body" in row else "t3"
    rows[row["kind"] + "_" + re.sub("^t[13]_", "", row["id"])] = row

names = {row["author"] for row in rows.values()} - {"[deleted]"}
seen, pseudonyms = 0, {}
for line in sys.stdin:
    x = json.loads(line)
    row = rows[x["id"]]
    seen += 1
    assert x["source"] == "reddit"
    assert x["type"] == ("comment" if row["kind"] == "t1" else "post"), x
    assert x["post"] == (row["link_id"] if row["kind"] == "t1" else x["id"]), x
    assert x.get("parent") == row.get("parent_id"), x
    assert x.get("depth") == (0 if row["kind"] == "t1" and row["parent_id"] == row["link_id"] else None), x
    assert x["community"] == row["subreddit"].lower(), x
    assert x["created"] == int(row["created_utc"]), x
    assert x["score"] == int(row["score"]), x
    assert x["edited"] == bool(row["edited"]), x
    times = [row.get(k) for k in ("retrieved_on", "retrieved_utc", "updated_on", "edited")]
    assert x.get("retrieved") == max((int(t) for t in times if t), default=None), x
    if row["author"] == "[deleted]":
        assert x["type"] == "post" and "user" not in x, x
    else:
        assert x["user"] not in names and re.fullmatch("[a-z2-7]{24}", x["user"]), x
        assert pseudonyms.setdefault(row["author"], x["user"]) == x["user"], x
    body = row["body"] if row["kind"] == "t1" else row["selftext"] + "\n" + row["title"]
    passed = row.get("crosspost_parent_list")
    if passed and row["selftext"] == "" and passed[0]["selftext"] != "[removed]":
        other = passed[0]["title"] if passed[0]["title"] != row["title"] else ""
        body = "\n".join(filter(None, [passed[0]["selftext"], other, row["title"]]))
    words = re.findall("[a-z]{4,}", body)
    spelled = re.search(r"(?i)\bdot (com|net|org|edu)\b", body)  # an address in words
    if "://" not in body and "@" not in body and "/" not in body and not spelled:
        assert re.findall("[a-z]{4,}", x["text"]) == words, x
assert len(set(pseudonyms.values())) == len(pseudonyms)
assert seen > 0
print(seen, "texts,", len(pseudonyms), "authors")
