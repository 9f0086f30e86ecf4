"""Gives the accounts of dumps other names, of the shapes that people choose, to see which of
them alignx-ingest leaves in the texts.

rename_authors.py make SEED DUMP.zst...   JSON lines with new names on standard output
rename_authors.py left SEED DUMP.zst...   reads texts on standard input, prints each line with
                                          one of the new names as a whole word; ends with 1 if
                                          there is one

Accounts are the authors, and what texts mention as "u/name".  They are replaced in the field of
the author, and in texts after "u/", "/user/", "@" and "to=".
"""
import json
import random
import re
import subprocess
import sys

SYLLABLES = "vel dor kax miq zut pra lon gri bov wex fyn hul".split()
MENTION = re.compile(r"(\bu/|/user/|@|[?&](?:to|recipient)=)([\w-]{3,})", re.I | re.A)
ACCOUNT = re.compile(r"(?<![\w/])(?:/?u|/user)/([\w-]{3,})", re.I | re.A)
TEXTS = ("body", "selftext", "title")


def rows(dumps):
    for dump in dumps:
        plain = subprocess.run(["zstd", "-dcq", "--long=31", dump], capture_output=True, check=True)
        yield from map(json.loads, plain.stdout.splitlines())


def name(dice):
    """one_two, OneTwo99, x_one_x, one-two, ONE: two parts at least, so that it is no word"""
    parts = ["".join(dice.choices(SYLLABLES, k=dice.choice([2, 2, 3]))) for _ in range(2)]
    shape = dice.choice([str.lower, str.lower, str.title, str.title, str.upper])
    joint = dice.choice(["", "", "_", "_", "-", "__"])
    begin = dice.choice([""] * 8 + ["_", "x_", "The"])
    end = dice.choice([""] * 4 + ["_", "_x", "-", "1", "99", "1987", "007"])
    return begin + joint.join(map(shape, parts)) + end


def new_names(seed, dumps):
    dice = random.Random(seed)
    accounts = set()
    for row in rows(dumps):
        accounts.add(row["author"].lower())
        for field in TEXTS:
            accounts |= set(map(str.lower, ACCOUNT.findall(row.get(field) or "")))
    return {account: name(dice) for account in sorted(accounts - {"[deleted]"})}


def make(seed, dumps):
    names = new_names(seed, dumps)

    def mention(found):
        return found[1] + names.get(found[2].lower(), found[2])

    for row in rows(dumps):
        row["author"] = names.get(row["author"].lower(), row["author"])
        for field in TEXTS:
            if isinstance(row.get(field), str):
                row[field] = MENTION.sub(mention, row[field])
        print(json.dumps(row))


def left(seed, dumps):
    names = set(map(str.lower, new_names(seed, dumps).values()))
    words = re.compile(r"[\w-]+", re.A)
    lines = [line for line in sys.stdin
             if names & set(words.findall(line.replace("\\", "").lower()))]
    sys.stdout.writelines(lines)
    return bool(lines)


if __name__ == "__main__":
    what = {"make": make, "left": left}[sys.argv[1]]
    sys.exit(what(int(sys.argv[2]), sys.argv[3:]))
