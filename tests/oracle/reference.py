"""A second engine: plain Python in float64, from the formulas, for tiny models.

usage: reference.py MODEL.gguf IDS [COEFFICIENTS]
Reads f32 tensors alone and prints -log p of each id but the first, and their
sum, as alignx-score --tokens does.  COEFFICIENTS is a JSON list of layers, each
a list of factors for its heads.
"""
import json
import math
import struct
import sys

def read(name):
    """Keys and tensors (as lists of rows) of a GGUF file."""
    with open(name, "rb") as f:
        data = f.read()
    at = 4

    def take(fmt):
        nonlocal at
        out = struct.unpack_from("<" + fmt, data, at)
        at += struct.calcsize("<" + fmt)
        return out if len(out) > 1 else out[0]

    def take_text():
        nonlocal at
        n = take("Q")
        at += n
        return data[at - n:at].decode()

    def take_value(kind):
        if kind == 8:
            return take_text()
        if kind == 9:
            inner, n = take("IQ")
            return [take_value(inner) for _ in range(n)]
        return take("BbHhIif?xxQqd"[kind])

    _, tensors, keys = take("IQQ")
    meta = {}
    for _ in range(keys):
        name = take_text()
        meta[name] = take_value(take("I"))
    table = []
    for _ in range(tensors):
        name = take_text()
        shape = [take("Q") for _ in range(take("I"))]
        kind, offset = take("IQ")
        assert kind == 0, "f32 alone"
        table.append((name, shape, offset))
    at += -at % meta.get("general.alignment", 32)
    out = {}
    for name, shape, offset in table:
        flat = struct.unpack_from("<%df" % math.prod(shape), data, at + offset)
        n = shape[0]
        out[name] = list(flat) if len(shape) == 1 else [list(flat[i:i + n]) for i in range(0, len(flat), n)]
    return meta, out

def dot(a, b):
    return math.fsum(x * y for x, y in zip(a, b))

class Engine:
    def __init__(self, name, coefficients=None):
        self.meta, self.tensors = read(name)
        self.a = self.meta["general.architecture"]
        self.layers, self.heads = self.size("block_count"), self.size("attention.head_count")
        self.kv = self.size("attention.head_count_kv")
        self.width = self.size("embedding_length")
        self.head = self.size("attention.key_length", self.width // self.heads)
        self.length = 0  # of the text
        self.layer_norm = self.a in ("gpt2", "bloom", "mpt", "opt")
        self.alibi = self.a in ("bloom", "mpt") or (self.a == "baichuan" and self.layers == 40)
        self.rotary = not self.layer_norm and not (self.a == "baichuan" and self.layers != 32)
        self.coefficients = coefficients or [[1] * self.heads] * self.layers

    def size(self, name, other=None):
        return self.meta.get(self.a + "." + name, other)

    def t(self, name):
        return self.tensors.get(name)

    def linear(self, name, x):
        y = [dot(row, x) for row in self.t(name + ".weight")]
        bias = self.t(name + ".bias")
        return [p + q for p, q in zip(y, bias)] if bias else y

    def norm(self, name, x):
        if self.t(name + ".weight") is None:
            return x
        mean = math.fsum(x) / len(x) if self.layer_norm else 0
        by = 1 / math.sqrt(math.fsum((v - mean) ** 2 for v in x) / len(x) + 1e-5)
        y = [(v - mean) * by * w for v, w in zip(x, self.t(name + ".weight"))]
        bias = self.t(name + ".bias")
        return [p + q for p, q in zip(y, bias)] if bias else y

    def stretched(self, f, i):
        """A RoPE frequency after scaling for long contexts."""
        how, by = self.size("rope.scaling.type"), self.size("rope.scaling.factor", 1)
        original, base = self.size("rope.scaling.original_context_length", 0), self.size("rope.freq_base")
        if how == "linear":
            return f / by
        if how == "yarn":
            bound = lambda turns: self.head * math.log(original / (turns * 2 * math.pi)) / (2 * math.log(base))
            low, high = max(0, math.floor(bound(32))), min(self.head - 1, math.ceil(bound(1)))
            ramp = min(1, max(0, (i - low) / max(0.001, high - low)))
            return f / by * ramp + f * (1 - ramp)
        if how == "llama3":
            low, high = self.size("rope.scaling.low_freq_factor"), self.size("rope.scaling.high_freq_factor")
            turns = original * f / (2 * math.pi)
            smooth = (turns - low) / (high - low)
            return f / by if turns < low else f if turns > high else (1 - smooth) * f / by + smooth * f
        return f

    def turn(self, x, position):
        """Rotary embedding of one head."""
        if not self.rotary:
            return x
        half, y = self.head // 2, list(x)
        is_long = self.length > self.size("rope.scaling.original_context_length", math.inf)
        factors = (self.t("rope_factors_%s.weight" % ("long" if is_long else "short"))
                   or self.t("rope_freqs.weight") or [1] * half)
        by = self.size("rope.scaling.attn_factor", 1)
        if self.size("rope.scaling.type") == "yarn":
            by *= 0.1 * math.log(self.size("rope.scaling.factor")) + 1
        for i in range(half):
            angle = position * self.stretched(self.size("rope.freq_base") ** (-2 * i / self.head), i) / factors[i]
            j, k = (2 * i, 2 * i + 1) if self.a in ("llama", "baichuan") else (i, i + half)
            y[j] = by * (x[j] * math.cos(angle) - x[k] * math.sin(angle))
            y[k] = by * (x[j] * math.sin(angle) + x[k] * math.cos(angle))
        return y

    def slope(self, h):
        if not self.alibi:
            return 0
        n = 1 << (self.heads.bit_length() - 1)
        return 2 ** (-8 * (h + 1) / n) if h < n else 2 ** (-4 * (2 * (h - n) + 1) / n)

    def project(self, i, x):
        b, q, k = "blk.%d." % i, self.heads * self.head, self.kv * self.head
        if self.t(b + "attn_qkv.weight"):
            y = self.linear(b + "attn_qkv", x)
        else:
            y = self.linear(b + "attn_q", x) + self.linear(b + "attn_k", x) + self.linear(b + "attn_v", x)
        clamp = self.size("attention.clamp_kqv")
        if clamp:
            y = [max(-clamp, min(clamp, v)) for v in y]
        heads = [y[j:j + self.head] for j in range(0, len(y), self.head)]
        qs, ks, vs = heads[:self.heads], heads[self.heads:self.heads + self.kv], heads[self.heads + self.kv:]
        return ([self.norm(b + "attn_q_norm", h) for h in qs], [self.norm(b + "attn_k_norm", h) for h in ks], vs)

    def attend(self, i, q, ks, vs, h, position):
        window = self.size("attention.sliding_window", 0) if i % 2 == 0 or self.a != "gemma2" else 0
        group = h // (self.heads // self.kv)
        first = max(0, position - window + 1) if window else 0
        score = []
        for p in range(first, position + 1):
            s = dot(q, ks[p][group]) / math.sqrt(self.head)
            cap = self.size("attn_logit_softcapping")
            s = cap * math.tanh(s / cap) if cap else s
            score.append(s + self.slope(h) * (p - position))
        most = max(score)
        weight = [math.exp(s - most) for s in score]
        total = math.fsum(weight)
        return [self.coefficients[i][h] * math.fsum(w * vs[first + j][group][d] for j, w in enumerate(weight)) / total
                for d in range(self.head)]

    def act(self, x):
        if self.a in ("gpt2", "bloom", "gemma2"):
            return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))
        if self.a == "mpt":
            return 0.5 * x * (1 + math.erf(x / math.sqrt(2)))
        if self.a == "opt":
            return max(x, 0.0)
        return x / (1 + math.exp(-x))

    def mlp(self, i, x):
        b = "blk.%d." % i
        up = self.linear(b + "ffn_up", x)
        if self.a == "phi3":
            n = len(up) // 2
            up = [self.act(g) * u for g, u in zip(up[:n], up[n:])]
        elif self.t(b + "ffn_gate.weight"):
            up = [self.act(g) * u for g, u in zip(self.linear(b + "ffn_gate", x), up)]
        else:
            up = [self.act(u) for u in up]
        return self.linear(b + "ffn_down", up)

    def embed(self, token, p):
        x = list(self.t("token_embd.weight")[token])
        if self.a == "gemma2":
            x = [v * math.sqrt(self.width) for v in x]
        if self.t("project_in.weight"):
            x = self.linear("project_in", x)
        if self.t("position_embd.weight"):
            x = [v + w for v, w in zip(x, self.t("position_embd.weight")[p])]
        return self.norm("token_embd_norm", x)

    def part(self, norm, after, x, fn):
        """x + sublayer(x), with a norm before, after, or both."""
        is_behind = self.size("is_normed_after")
        y = self.norm(after, fn(x if is_behind else self.norm(norm, x)))
        y = [m + n for m, n in zip(x, y)]
        return self.norm(norm, y) if is_behind else y

    def look(self, i, p, x, ks, vs):
        q, k, v = self.project(i, x)
        ks.append([self.turn(h, p) for h in k])
        vs.append(v)
        seen = []
        for h in range(self.heads):
            seen += self.attend(i, self.turn(q[h], p), ks, vs, h, p)
        return self.linear("blk.%d.attn_output" % i, seen)

    def hidden(self, ids):
        xs = [self.embed(token, p) for p, token in enumerate(ids)]
        for i in range(self.layers):
            b, ks, vs = "blk.%d." % i, [], []
            for p, x in enumerate(xs):
                x = self.part(b + "attn_norm", b + "post_attention_norm", x, lambda y: self.look(i, p, y, ks, vs))
                xs[p] = self.part(b + "ffn_norm", b + "post_ffw_norm", x, lambda y: self.mlp(i, y))
        return xs

    def scores(self, ids):
        self.length = len(ids)
        rows = self.t("output.weight") or self.t("token_embd.weight")
        out = []
        for p, x in enumerate(self.hidden(ids)[:-1]):
            x = self.norm("output_norm", x)
            x = self.linear("project_out", x) if self.t("project_out.weight") else x
            logits = [dot(row, x) for row in rows]
            cap = self.size("final_logit_softcapping")
            if cap:
                logits = [cap * math.tanh(v / cap) for v in logits]
            most = max(logits)
            out.append(math.log(math.fsum(math.exp(v - most) for v in logits)) + most - logits[ids[p + 1]])
        return out

def main():
    with open(sys.argv[2]) as f:
        ids = [int(x) for x in f.read().split()]
    coefficients = json.loads(sys.argv[3]) if len(sys.argv) > 3 else None
    scores = Engine(sys.argv[1], coefficients).scores(ids)
    for x in scores + [math.fsum(scores)]:
        print("%.6f" % x)

if __name__ == "__main__":
    main()
