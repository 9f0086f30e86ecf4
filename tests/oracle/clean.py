"""A second opinion on how alignx-ingest cleans texts: random texts, and what
Python's unicodedata makes of them by the rules of lib/text/normalize_text.h.

clean.py make N SEED    JSON lines {"id", "text"} on standard output
clean.py check FILE     compares FILE with interactions in JSON on standard input
"""
import json
import random
import re
import sys
import unicodedata

PIECES = (
    ["word", "a", "I", ".", "?", "'s", "\u2019", "\u00e9", "e\u0301", "\u212b",
     "\U0001f600", "\u00df", "\u4e2d", "\u0915\u093c", "\u0958", "\u1112\u1161\u11ab",
     "\ud55c", "a\u0323\u0308", "a\u0308\u0323", "\u0344", "\u1e9b\u0323", "\u200d"]
    + [" ", " ", " ", "  ", "\t", "\n", "\n\n", "\r\n", "\r", "\u00a0", "\u3000",
       "\u2028", "\u0085", "\ufeff", "\x00", "\x07", "\x7f", "\u009f", "\u2003"]
)


def make(n, seed):
    dice = random.Random(seed)
    marks = [chr(c) for c in range(0x300, 0x340)]
    for i in range(n):
        text = "".join(dice.choice(PIECES) + dice.choice(["", "", "", "x", dice.choice(marks)])
                       for _ in range(dice.randrange(60)))
        print(json.dumps({"id": str(i), "text": text}, ensure_ascii=dice.random() < 0.5))


def is_control(c):
    return c == "\ufeff" or unicodedata.category(c) == "Cc" and c not in "\t\n"


def clean(text):
    text = re.sub("\r\n|[\r\u0085\u2028\u2029]", "\n", text)
    text = "".join(c for c in text if not is_control(c))
    text = "".join(" " if unicodedata.category(c) == "Zs" else c for c in text)
    text = re.sub("([ \t])[ \t]+", r"\1", text)
    text = re.sub("[ \t]+(?=\n|$)", "", text)
    text = re.sub("\n{3,}", "\n\n", text)
    return unicodedata.normalize("NFC", text.strip(" \t\n"))


def check(name):
    wanted = {}
    for line in open(name):
        row = json.loads(line)
        wanted[row["id"]] = clean(row["text"])
    seen = 0
    for line in sys.stdin:
        row = json.loads(line)
        seen += 1
        if row["text"] != wanted[row["id"]]:
            sys.exit("row %s: %r, wanted %r" % (row["id"], row["text"], wanted[row["id"]]))
    empty = sum(not text for text in wanted.values())
    if seen + empty != len(wanted):
        sys.exit("%d rows, wanted %d" % (seen, len(wanted) - empty))


if sys.argv[1] == "make":
    make(int(sys.argv[2]), int(sys.argv[3]))
else:
    check(sys.argv[2])
