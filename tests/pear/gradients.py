#!/usr/bin/python3
"""Writes gradients.json: of the copying loss by coefficients, by torch in float64.

usage: gradients.py PROBE >gradients.json
PROBE is tests/tools/pear of a build: it draws the texts.  Needs python3-torch; the tests
read what was written.
"""
import json
import os
import random
import subprocess
import sys

import torch

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [here, os.path.join(here, "..", "oracle")]
import engine  # noqa: E402
import reference  # noqa: E402

SEED, LENGTH, TEXTS = 11, 24, 3

def main():
    torch.set_num_threads(1)
    out = []
    for family in ("llama", "qwen2", "bloom", "gpt2"):
        name = os.path.join(here, family + ".gguf")
        drawn = subprocess.run([sys.argv[1], "draw", name, str(SEED), str(LENGTH), str(TEXTS)],
                               capture_output=True, text=True, check=True).stdout
        ids = torch.tensor([[int(x) for x in line.split()] for line in drawn.splitlines()])
        meta, tensors = reference.read(name)
        net = engine.Net(meta, {k: torch.tensor(v, dtype=torch.float64) for k, v in tensors.items()})
        r = random.Random(family)
        by = [[round(r.uniform(0.5, 1.5), 3) for _ in range(net.heads)] for _ in range(net.layers)]
        tau = torch.tensor(by, dtype=torch.float32).double().requires_grad_(True)
        loss = engine.copy_loss(net, ids, tau)
        loss.backward()
        out.append({"family": family, "seed": SEED, "length": LENGTH, "texts": TEXTS, "loss": loss.item(),
                    "heads": [{"layer": i, "head": h, "coefficient": by[i][h], "gradient": tau.grad[i][h].item()}
                              for i in range(net.layers) for h in range(net.heads)]})
    print("[" + ",\n".join(json.dumps(x) for x in out) + "]")

if __name__ == "__main__":
    main()
