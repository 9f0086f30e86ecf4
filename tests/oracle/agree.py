#!/usr/bin/env python3
"""Does alignx-validate agree with a JSON Schema validator that nobody here wrote?

Documents are made from the schema, valid ones and ones with a random change; both
judge each of them.  usage: agree.py SCHEMA KIND COUNT FOLDER"""
import copy
import json
import random
import subprocess
import sys

import jsonschema

R = random.Random(90)
TEXTS = ["a", "é", "\U0001F600", "two words", "line\nbreak", "\u0000", "x" * 300]


def make(schema, root):
    """A document that fits; lengths are kept small."""
    if "$ref" in schema:
        return make(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return R.choice(schema["enum"])
    kind = schema["type"]
    if kind == "string":
        text = R.choice(TEXTS + ([""] if schema.get("minLength", 0) == 0 else []))
        return text[:schema.get("maxLength", 999)]
    if kind == "boolean":
        return R.random() < 0.5
    if kind in ("integer", "number"):
        low, high = max(schema.get("minimum", -99), -2**40), min(schema.get("maximum", 99), 2**40)
        n = R.choice([low, high, R.randint(low, high)])
        return n if kind == "integer" or R.random() < 0.5 else float(n)
    if kind == "array":
        low = schema.get("minItems", 0)
        return [make(schema["items"], root) for _ in range(min(low + R.randint(0, 2), schema.get("maxItems", 9)))]
    out = {}
    for name, part in schema["properties"].items():
        if name in schema["required"] or R.random() < 0.6:
            out[name] = make(part, root)
    if R.random() < 0.3:
        out["a field of tomorrow"] = [1, {"deep": None}]
    return out


def places(x, path=()):
    yield path
    if isinstance(x, dict):
        for k in x:
            yield from places(x[k], path + (k,))
    elif isinstance(x, list) and x:
        yield from places(x[0], path + (0,))
        yield from places(x[-1], path + (len(x) - 1,))


def change(x):
    """One random change somewhere; it may or may not break the document."""
    x = copy.deepcopy(x)
    path = R.choice(list(places(x)))
    if not path:
        return R.choice([x, [], 7, "text", None]) if R.random() < 0.1 else x
    parent = x
    for step in path[:-1]:
        parent = parent[step]
    old, last = parent[path[-1]], path[-1]
    way = R.randrange(9)
    if way == 0 and isinstance(parent, dict):
        del parent[last]
    elif way == 1 and isinstance(parent, list):
        del parent[last]
    elif way == 2 and isinstance(parent, list):
        parent.append(old)
    elif way == 3:
        parent[last] = R.choice([None, True, "", "reddit", 0, 1, 0.5, -1, 1.5, 2, [], {}, [0.5] * 90])
    elif way == 4 and isinstance(old, (int, float)) and not isinstance(old, bool):
        parent[last] = R.choice([old + 1, old - 1, float(old), old + 0.25, old * 1000, -old, 2**63, 2**64 - 1, -2**63])
    elif way == 5 and isinstance(old, str):
        parent[last] = R.choice([old + "x", "", "y" * 256, "é" * 256, "y" * 257, "é" * 257])
    elif way == 6 and isinstance(old, list):
        parent[last] = R.choice([old + old, old[1:], [[]], old + [None], [0.5] * 89, [1] * 90, [1.0] * 90])
    elif way == 7:
        parent[last] = [old]
    return x


def main():
    schema = json.load(open(sys.argv[1]))
    kind, count, folder = sys.argv[2], int(sys.argv[3]), sys.argv[4]
    judge = jsonschema.Draft202012Validator(schema)
    documents = []
    for _ in range(count):
        valid = make(schema, schema)
        documents += [valid, change(valid), change(change(valid))]
    path = f"{folder}/{kind}.jsonl"
    with open(path, "w") as f:
        for d in documents:
            f.write(json.dumps(d) + "\n")
    kept = f"{folder}/{kind}.refused"
    subprocess.run(["alignx-validate", "--split", "none", "-q", "--kind", kind, "--quarantine", kept, path], check=False)
    refused = {json.loads(line)["number"] for line in open(kept)}
    theirs = {i + 1 for i, d in enumerate(documents) if not judge.is_valid(d)}
    for n in sorted(refused ^ theirs)[:5]:
        print("we refuse" if n in refused else "they refuse", json.dumps(documents[n - 1])[:2000])
        print([e.message[:200] for e in judge.iter_errors(documents[n - 1])])
    print(f"{len(documents)} documents, {len(theirs)} faulty, {len(refused ^ theirs)} judged differently")
    assert theirs and len(theirs) < len(documents) - count // 2
    sys.exit(refused != theirs)


main()
