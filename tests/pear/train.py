#!/usr/bin/python3
"""Trains the models beside this script: small ones that copy, one for each way to tell positions.

usage: train.py FAMILY FILE [STEPS]        FAMILY: llama, qwen2, bloom or gpt2
Needs Debian's python3-torch; the tests do not.  One thread and a fixed seed; some minutes,
with libopenblas0-pthread.

The texts are made so that copying is learned, and something that stands against it too:
half of them come from a chain of word pairs that the model learns by heart, and a copy is
sometimes broken off by a word of the chain.  On random words, which the proxy task is made
of, what was learned by heart is in the way.
"""
import math
import os
import random
import sys

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import torch  # noqa: E402

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [here, os.path.join(here, "..", "oracle")]
import engine  # noqa: E402
import make_model  # noqa: E402

WIDTH, MLP, LAYERS, CONTEXT = 64, 96, 3, 128
SHORT, LONG, TOKENS = 40, 104, 2000      # texts are short at first; tokens in a batch
FIRST, VOCABULARY = 3, len(make_model.TOKENS)
STEPS = {"llama": 2000, "qwen2": 2000, "bloom": 2000, "gpt2": 4000}
CHAIN, BROKEN = 0.4, 0.2                # of the texts; of the words of a copy in them

def shape(family):
    heads = 4
    kv = heads if family in engine.LAYER_NORM else 2
    meta = {"general.architecture": family}
    sizes = {"context_length": CONTEXT, "embedding_length": WIDTH, "block_count": LAYERS,
             "feed_forward_length": MLP * (2 if family in engine.LAYER_NORM else 1),
             "attention.head_count": heads,
             "attention.head_count_kv": kv, "rope.freq_base": 10000.0,
             "attention.layer_norm_rms_epsilon": 1e-5, "attention.layer_norm_epsilon": 1e-5}
    meta.update((family + "." + k, v) for k, v in sizes.items())
    return meta

def start(family, meta):
    """Small random weights, names as in GGUF."""
    layer_norm, t = family in engine.LAYER_NORM, {}

    def put(name, *dimensions, spread=None):
        spread = spread or 1 / math.sqrt(dimensions[-1])
        t[name] = torch.randn(*dimensions) * spread

    def linear(name, rows, columns, bias, spread=None):
        put(name + ".weight", rows, columns, spread=spread)
        if bias:
            t[name + ".bias"] = torch.zeros(rows)

    def norm(name):
        t[name + ".weight"] = torch.ones(WIDTH)
        if layer_norm:
            t[name + ".bias"] = torch.zeros(WIDTH)

    kv, mlp = meta[family + ".attention.head_count_kv"] * (WIDTH // meta[family + ".attention.head_count"]), meta[family + ".feed_forward_length"]
    put("token_embd.weight", VOCABULARY, WIDTH, spread=0.15)
    if family == "gpt2":
        put("position_embd.weight", CONTEXT, WIDTH, spread=0.15)
    if family == "bloom":
        norm("token_embd_norm")
    norm("output_norm")
    for i in range(LAYERS):
        b = "blk.%d." % i
        norm(b + "attn_norm")
        if layer_norm:
            linear(b + "attn_qkv", 3 * WIDTH, WIDTH, True)
        else:
            for part, rows in (("q", WIDTH), ("k", kv), ("v", kv)):
                linear(b + "attn_" + part, rows, WIDTH, family == "qwen2")
        linear(b + "attn_output", WIDTH, WIDTH, layer_norm, 0.06)
        norm(b + "ffn_norm")
        if not layer_norm:
            linear(b + "ffn_gate", mlp, WIDTH, False)
        linear(b + "ffn_up", mlp, WIDTH, layer_norm)
        linear(b + "ffn_down", WIDTH, mlp, layer_norm, 0.06)
    return t

class Texts:
    def __init__(self, seed):
        self.random = random.Random(seed)
        words = range(FIRST, VOCABULARY)
        self.follow = {w: [self.random.choice(words) for _ in range(3)] for w in words}

    def word(self):
        return self.random.randrange(FIRST, VOCABULARY)

    def segment(self, n, is_chain):
        out = [self.word()]
        while len(out) < n:
            out.append(self.random.choice(self.follow[out[-1]]) if is_chain else self.word())
        return out

    def text(self, length):
        """A text, and what each of its words counts: little where nothing tells it."""
        r = self.random
        is_chain = r.random() < CHAIN
        first = self.segment(r.randrange(3 if r.random() < 0.5 else length // 3, length // 2 + 1), is_chain)
        out, count, at = list(first), [0.3 if is_chain else 0.0] * len(first), 0
        while len(out) < length:
            broken = is_chain and r.random() < BROKEN
            out.append(r.choice(self.follow[out[-1]]) if broken else first[at % len(first)])
            count.append(1.0 if at > 0 else 0.0)
            at += 1
        return out[:length], count[:length]

    def batch(self, length):
        texts = [self.text(length) for _ in range(TOKENS // length)]
        return torch.tensor([t for t, _ in texts]), torch.tensor([c for _, c in texts])

    def proxy(self, count, n):
        half = torch.tensor([[self.word() for _ in range(n)] for _ in range(count)])
        return torch.cat((half, half), 1)

def write(name, family, meta, tensors):
    m = make_model.Model(family, 0)
    m.build()
    vocabulary = [k for k in m.keys if k[0].startswith("tokenizer.")]
    m.keys = [("general.architecture", family), ("general.name", "copying " + family)]
    m.keys += [(k, v) for k, v in meta.items() if k != "general.architecture"] + vocabulary
    m.tensors = [(k, tuple(reversed(v.shape)), v.flatten().tolist()) for k, v in tensors.items()]
    m.write(name)

def main():
    family, name = sys.argv[1], sys.argv[2]
    steps = int(sys.argv[3]) if len(sys.argv) > 3 else STEPS[family]
    torch.set_num_threads(1)
    torch.manual_seed(7)
    meta = shape(family)
    tensors = start(family, meta)
    for t in tensors.values():
        t.requires_grad_(True)
    net, texts = engine.Net(meta, tensors), Texts(7)
    held_out = Texts(8).proxy(32, 50)
    adam = torch.optim.AdamW(tensors.values(), lr=3e-3, betas=(0.9, 0.98), weight_decay=0.01)
    rate = torch.optim.lr_scheduler.LambdaLR(adam, lambda s: min(1, s / 100) * (1 - s / steps))
    for step in range(steps):
        ids, count = texts.batch(SHORT if step < steps / 2 else LONG)
        logits = net.logits(ids)[:, :-1]
        each = torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), reduction="none")
        loss = (each * count[:, 1:].flatten()).sum() / count[:, 1:].sum()
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tensors.values(), 1.0)
        adam.step()
        rate.step()
        if step % 100 == 99:
            with torch.no_grad():
                print("%s step %d: loss %.4f, proxy loss %.4f, copy accuracy %.4f" % (family, step + 1, loss.item(),
                      engine.copy_loss(net, held_out).item(), engine.copy_accuracy(net, held_out)), flush=True)
    write(name, family, meta, {k: v.detach() for k, v in tensors.items()})

if __name__ == "__main__":
    main()
