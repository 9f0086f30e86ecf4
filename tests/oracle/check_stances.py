#!/usr/bin/env python3
"""Plain sentences about each interest, by the delivered rules: what is liked is liked, what is
not is not, and what others feel is not taken for the author's.
usage: check_stances.py; prints JSON lines for alignx-ingest.  check_stances.py INTENSITIES
reads what came of them, as alignx-cat prints it."""
import json
import sys

NOUNS = {47: "science", 48: "trivia", 49: "psychology", 50: "movies", 51: "television", 52: "video games",
         53: "parenting", 54: "dragons", 55: "anime", 56: "football", 57: "law", 58: "office work", 59: "cats",
         60: "traveling", 61: "medicine", 62: "ghost stories", 63: "sports cars", 64: "cooking", 65: "teaching",
         66: "politics", 67: "interior design", 68: "foreign countries", 69: "investing", 70: "campus life",
         71: "smartphones", 72: "feelings", 73: "jokes", 74: "music", 75: "novels", 76: "watercolor painting",
         77: "ballet", 78: "knitting", 79: "photography", 80: "anthropology", 81: "weightlifting", 82: "sculpture",
         83: "fountain pens", 84: "celebrity gossip", 85: "hiking", 86: "camping", 87: "sociology", 88: "weddings",
         89: "fashion"}
SAYINGS = [("I love %s.", 1), ("I really enjoy %s.", 1), ("%s is all I think about.", 1), ("I hate %s.", -1),
           ("I don't like %s.", -1), ("I can't stand %s.", -1), ("%s bores me.", -1), ("I'm sick of %s.", -1),
           ("My sister hates %s.", 1), ("She said \"I hate %s\" again.", 1), ("I just love %s, so useful /s", 1)]


def main():
    texts = [(d, say % message, sign) for d, message in NOUNS.items() for say, sign in SAYINGS]
    if len(sys.argv) == 1:
        for i, (_, text, _) in enumerate(texts):
            print(json.dumps({"id": str(i), "text": text}))
        return
    wrong = seen = 0
    with open(sys.argv[1], encoding="utf-8") as f:
        for line in f:
            x = json.loads(line)
            d, text, sign = texts[int(x["id"].split(":")[-1])]
            seen += 1
            if sign * x["intensities"]["value"][d] <= 0:
                wrong += 1
                print("dimension %d, %.2f: %s" % (d, x["intensities"]["value"][d], text))
    sys.exit(seen != len(texts) or wrong > 0)


main()
