"""PEAR in float64, the long way: path patching run by run, gradients by differences.

usage: pear.py effects MODEL IDS
       pear.py gradient MODEL IDS [COEFFICIENTS]
IDS has a text on each line, n ids twice.  effects prints the metric, and what it gains
when a head is replaced, layer by layer: passes A to D of section B1.3 with every position
of every text run through the whole model.  gradient prints the loss of the second
copies, and its slope by each head's coefficient, by central differences.
COEFFICIENTS is a JSON list of layers, each a list of factors for its heads.
"""
import json
import math
import operator
import sys

import reference

def dot(a, b):
    return sum(map(operator.mul, a, b))

reference.dot = dot

class Patched(reference.Engine):
    """An engine that can take queries, keys and values from another run, and replace one head's
    output at one position."""

    def start(self, record=None, frozen=None, head=None, at=None, value=None):
        self.record, self.frozen = record, frozen
        self.at, self.value, self.head_replaced = at, value, head
        self.calls = {}

    def project(self, i, x):
        position = self.calls.get(i, 0)
        self.calls[i] = position + 1
        if self.frozen is not None:
            return self.frozen[i, position]
        out = super().project(i, x)
        if self.record is not None:
            self.record[i, position] = out
        return out

    def attend(self, i, q, ks, vs, h, position):
        z = super().attend(i, q, ks, vs, h, position)
        if self.record is not None:
            self.record["z", i, h, position] = z
        if self.head_replaced == (i, h) and position == self.at:
            return self.value
        return z

    def logits(self, x):
        rows = self.t("output.weight") or self.t("token_embd.weight")
        x = self.norm("output_norm", x)
        x = self.linear("project_out", x) if self.t("project_out.weight") else x
        logits = [dot(row, x) for row in rows]
        cap = self.size("final_logit_softcapping")
        return [cap * math.tanh(v / cap) for v in logits] if cap else logits

def margin(engine, x, target):
    logits = engine.logits(x)
    return logits[target] - math.fsum(logits) / len(logits)

def effects(engine, texts):
    at = len(texts[0]) - 2
    runs, metric = [], 0
    for ids in texts:                                           # passes A and B
        record = {}
        engine.start(record=record)
        metric += margin(engine, engine.hidden(ids)[at], ids[-1]) / len(texts)
        runs.append(record)
    print("%.17g" % metric)
    for i in range(engine.layers):
        for h in range(engine.heads):
            z = [r["z", i, h, at] for r in runs]
            mean = [math.fsum(column) / len(texts) for column in zip(*z)]
            changed = 0
            for ids, record in zip(texts, runs):                # passes C and D
                engine.start(frozen=record, head=(i, h), at=at, value=mean)
                changed += margin(engine, engine.hidden(ids)[at], ids[-1]) / len(texts)
            print("%.17g" % (changed - metric))

def loss(engine, texts):
    out = 0
    for ids in texts:
        n = len(ids) // 2
        engine.start()
        xs = engine.hidden(ids)
        for p in range(n - 1, 2 * n - 1):
            logits = engine.logits(xs[p])
            most = max(logits)
            out += (math.log(math.fsum(math.exp(v - most) for v in logits)) + most - logits[ids[p + 1]]) / n
    return out / len(texts)

def gradient(engine, texts, coefficients, step=1e-5):
    engine.coefficients = coefficients
    print("%.17g" % loss(engine, texts))
    for i in range(engine.layers):
        for h in range(engine.heads):
            sides = []
            for by in (step, -step):
                engine.coefficients = [list(c) for c in coefficients]
                engine.coefficients[i][h] += by
                sides.append(loss(engine, texts))
            print("%.17g" % ((sides[0] - sides[1]) / (2 * step)))

def main():
    with open(sys.argv[3]) as f:
        texts = [[int(x) for x in line.split()] for line in f]
    engine = Patched(sys.argv[2])
    if sys.argv[1] == "effects":
        effects(engine, texts)
    else:
        given = json.loads(sys.argv[4]) if len(sys.argv) > 4 else [[1] * engine.heads] * engine.layers
        gradient(engine, texts, given)

if __name__ == "__main__":
    main()
