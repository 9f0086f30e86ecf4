"""The public data sets that labels were read from: where each is, and how its texts are made."""
import collections
import csv
import gzip
import html
import io
import json
import os
import re
import xml.etree.ElementTree

import labelled

Texts = collections.namedtuple("Texts", "texts group")			# of one row; a group of None is made by hash
Pair = collections.namedtuple("Pair", "prompt answers group")	# answers: the chosen one first, if the set has one
csv.field_size_limit(1 << 30)


def numbered(path):
    """(number, line) of a file, compressed or not, from 1."""
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8", newline="\n") as f:
        for number, line in enumerate(f, 1):
            yield str(number), line.rstrip("\n")


def numbered_json(path):
    for number, line in numbered(path):
        try:
            yield number, json.loads(line)
        except ValueError as e:
            labelled.fail("%s:%s: no JSON: %s" % (path, number, e))


# --- GoEmotions, posts of Reddit ------------------------------------------------

def goemotions(path, rows):
    return {n: Texts([line.split("\t")[0]], None) for n, line in numbered(path) if n in rows}


def reddit_top(path, rows):
    found = {}
    for number, line in numbered(path):
        if number in rows:
            cells = line.split("\t")
            if len(cells) != 3:
                labelled.fail("%s:%s: expected dim, subreddit and text between tabs" % (path, number))
            found[number] = Texts([cells[2]], cells[1])
    return found


def reddit_top_2013(path, rows):
    """Rows are SUBREDDIT/POSTID of data/SUBREDDIT.csv."""
    found = {}
    for community in sorted({row.split("/")[0] for row in rows}):
        name = os.path.join(path, "data", community + ".csv")
        if not os.path.exists(name):
            continue
        with open(name, "rb") as f:
            table = io.StringIO(f.read().decode("utf-8", "replace").replace("\0", ""))
        for post in csv.DictReader(table):
            row = "%s/%s" % (community, post["id"])
            if row in rows:
                parts = [html.unescape(post.get(part) or "").strip() for part in ("title", "selftext")]
                found[row] = Texts(["\n\n".join(parts) if post.get("selftext") else parts[0]], community)
    return found


# --- OpenAssistant ----------------------------------------------------------------

def oasst_message(path, rows):
    return {n: Texts([message["text"]], None) for n, message in numbered_json(path) if n in rows}


def walk(message):
    yield message
    for reply in message.get("replies", []):
        yield from walk(reply)


def oasst_tree(path, rows):
    """Rows are lines, of any message of the tree."""
    return {n: Texts([m["text"] for m in walk(tree.get("prompt", tree))], None)
            for n, tree in numbered_json(path) if n in rows}


def oasst_pairs(path, rows):
    """Rows are the ids of two replies to one message, with a slash between."""
    found = {}
    for _, tree in numbered_json(path):
        for message in walk(tree.get("prompt", tree)):
            found.update(pairs_of(rows, message["text"],
                                  {reply["message_id"]: reply["text"] for reply in message.get("replies", [])}, ""))
    return found


def pairs_of(rows, prompt, answers, prefix, group=None):
    """Of all answers to one prompt, the pairs that are wanted."""
    names = ((prefix + "%s/%s" % (a, b), a, b) for a in answers for b in answers if a != b)
    return {row: Pair(prompt, (answers[a], answers[b]), group) for row, a, b in names if row in rows}


# --- Stack Exchange ---------------------------------------------------------------

def plain_text(body):
    """The text of HTML, as the readers saw it."""
    text = html.unescape(html.unescape(body))
    text = re.sub(r"<blockquote>(.*?)</blockquote>", lambda m: "> " + m.group(1).strip() + "\n", text, flags=re.S)
    text = re.sub(r"</(p|li|h\d|pre)>", "\n", text)
    text = re.sub(r"<[^>]+>", "", text)
    return re.sub(r"\n\s*\n+", "\n\n", text).strip()


def read_xml(path, name):
    full = os.path.join(path, name)
    if not os.path.exists(full):
        return []
    with open(full, encoding="utf-8-sig") as f:
        try:
            return [row.attrib for row in xml.etree.ElementTree.fromstring(f.read()).iter("row")]
        except xml.etree.ElementTree.ParseError as e:
            labelled.fail("%s:%d: no XML: %s" % (full, e.position[0], e))


def read_site(path):
    """By id, texts and what each replies to (None for a question); ids of comments begin with c."""
    texts, parents = {}, {}
    for post in read_xml(path, "Posts.xml"):
        if post.get("PostTypeId") in ("1", "2"):
            text = plain_text(post.get("Body", ""))
            is_question = post["PostTypeId"] == "1"
            texts[post["Id"]] = post.get("Title", "") + "\n\n" + text if is_question else text
            parents[post["Id"]] = None if is_question else post.get("ParentId")
    for comment in read_xml(path, "Comments.xml"):
        texts["c" + comment["Id"]] = html.unescape(comment["Text"]).strip()
        parents["c" + comment["Id"]] = comment["PostId"]
    return texts, parents


def stackexchange(path, rows, site):
    texts, _ = read_site(path)
    return {row: Texts([texts[row]], site) for row in rows if row in texts}


def stackexchange_pairs(path, rows, site):
    """Rows are QUESTION/FIRST/SECOND."""
    texts, parents = read_site(path)
    found = {}
    for row in rows:
        question, *answers = row.split("/")
        if len(answers) == 2 and question in texts and all(parents.get(a) == question for a in answers):
            found[row] = Pair(texts[question], tuple(texts[a] for a in answers), site)
    return found


# --- pairs of answers ---------------------------------------------------------------

def ultrafeedback(path, rows):
    found = {}
    for number, line in numbered_json(path):
        if number in rows:
            answers = (line[side] for side in ("chosen", "rejected"))
            found[number] = Pair(line["prompt"], tuple(a[-1]["content"] if isinstance(a, list) else a
                                                       for a in answers), None)
    return found


def hh_rlhf(path, rows):
    """The answer is what follows the last turn of the assistant."""
    turn, found = "\n\nAssistant:", {}
    for number, line in numbered_json(path):
        if number in rows:
            sides = [line[side].rpartition(turn) for side in ("chosen", "rejected")]
            found[number] = Pair(sides[0][0].strip(), tuple(side[2].strip() for side in sides), None)
    return found


# --- where they are -----------------------------------------------------------------

KNOWN = {	# path under --data, texts, pairs
    "goemotions": ("goemotions/train.tsv", goemotions, None),
    "reddit-top": ("labelled/interests.dev.tsv", reddit_top, None),
    "reddit-top-2013": ("reddit-top-2013", reddit_top_2013, None),
    "oasst-message": ("oasst/en_100_message.jsonl", oasst_message, None),
    "oasst-tree": ("oasst/en_100_tree.jsonl", oasst_tree, oasst_pairs),
    "ultrafeedback": ("ultrafeedback/train_clean.jsonl", None, ultrafeedback),
    "hh-rlhf": ("hh-rlhf/harmless-base.test.jsonl.gz", None, hh_rlhf),
}


class Source:
    def __init__(self, name, path, texts, pairs):
        self.name, self.path, self.texts, self.pairs = name, path, texts, pairs
        self.cure = "--source %s=PATH" % name

    def read(self, reader, rows, what):
        if reader is None:
            labelled.fail("%s has no labelled %s" % (self.name, what))
        try:
            return reader(self.path, rows)
        except OSError as e:
            labelled.fail("%s: %s" % (e.filename, e.strerror))
        except (KeyError, TypeError, AttributeError) as e:
            labelled.fail("%s is not what %s is: %s" % (self.path, self.name, e))

    def read_texts(self, rows):
        return self.read(self.texts, rows, "texts")

    def read_pairs(self, rows):
        return self.read(self.pairs, rows, "pairs")


def find(name, data, given):
    """A source by its name; its path is None where none is given."""
    if name.startswith("stackexchange-"):
        place, texts, pairs = (name, lambda path, rows: stackexchange(path, rows, name),
                               lambda path, rows: stackexchange_pairs(path, rows, name))
    elif name in KNOWN:
        place, texts, pairs = KNOWN[name]
    else:
        labelled.fail("unknown source %r; known are %s and stackexchange-SITE" % (name, ", ".join(sorted(KNOWN))))
    path = dict(one.partition("=")[::2] for one in given).get(name)
    if path is None and data:
        path = os.path.join(data, place)
        path = path if os.path.exists(path) else None
    return Source(name, path, texts, pairs)
