"""What the scripts here share: labelled texts are read, programs of a build are run on them."""
import json
import os
import shlex
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DIMENSIONS = 90
VALUES = (2, 1, -1, -2)
INGEST = ("alignx-ingest -q --source generic --field id=/id --field text=/text --field post=/post "
          "--field parent=/parent --min-chars 1 --max-chars 100000")


def fail(sentence):
    sys.exit("%s: %s" % (os.path.basename(sys.argv[0]), sentence))


def read_dimensions():
    """Key, label of 1 and label of 0, in order."""
    with open(os.path.join(ROOT, "schema", "dimensions.tsv"), encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f if not line.startswith("#")]
    return [(row[1], row[4], row[5]) for row in rows]


def sign(x):
    return (x > 0) - (x < 0)


def check_labels(labels, keys):
    """The sentence for labels that no dimension has, or None."""
    if not isinstance(labels, dict):
        return "labels are an object of keys and values"
    for key, value in labels.items():
        if key not in keys:
            return "unknown key %r" % key
        if type(value) is not int or value not in VALUES:
            return "%s is %r; values are 2, 1, -1 and -2" % (key, value)
    return None


def check_line(line, keys):
    """The sentence for a line that is no text, pair or unit, or None."""
    if not isinstance(line, dict):
        return "expected an object"
    if "text" in line:
        if not isinstance(line["text"], str):
            return "text is not a string"
        return check_labels(line.get("labels"), keys)
    labels = line.get("labels")
    if "interactions" in line:
        texts = line["interactions"]
        if not isinstance(texts, list) or not all(isinstance(t, dict) and "id" in t and "text" in t for t in texts):
            return "interactions are objects with an id and a text"
        if not isinstance(labels, list) or len(labels) not in (1, 2) or len(labels) > len(texts):
            return "expected labels for one or two of the interactions"
    elif not all(isinstance(line.get(key), str) for key in ("prompt", "first", "second")):
        return "expected a text, a prompt with first and second, or interactions"
    elif not isinstance(labels, list) or len(labels) != 2:
        return "expected labels for first and second"
    sentences = [check_labels(one, keys) for one in labels + [line.get("compare", {})]]
    return next(filter(None, sentences), None)


def read_lines(name, keys, only_texts=False):
    """The JSON lines of a file; the first bad one ends the program."""
    lines = []
    with open(name, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            try:
                line = json.loads(line)
                sentence = check_line(line, keys)
                if only_texts and not sentence and "text" not in line:
                    sentence = "expected a text"
            except ValueError as e:
                sentence = "no JSON: %s" % e
            if sentence:
                fail("%s:%d: %s" % (name, number, sentence))
            lines.append(line)
    return lines


# --- programs ---------------------------------------------------------------

def use_rules(folder):
    os.environ["ALIGNX_RULES"] = os.path.abspath(folder or os.path.join(ROOT, "schema", "rules"))


def pipe(build, *programs):
    return " | ".join(os.path.join(shlex.quote(build), p) for p in programs)


def run(line, **how):
    """A pipe of the shell; ends the program if any part of it fails."""
    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], stdout=how.pop("stdout", subprocess.PIPE), **how)
    if done.returncode not in (0, 1):
        fail("a program of the pipe ended with %d" % done.returncode)
    return done.stdout


def as_lines(texts):
    return "".join(json.dumps({"id": str(i), "text": t}) + "\n" for i, t in enumerate(texts)).encode()


def messages(output):
    """Each message of alignx-cat, with the number that `as_lines` gave its text."""
    for row in output.decode().splitlines():
        message = json.loads(row)
        yield int(message["id"].split(":")[-1]), message
