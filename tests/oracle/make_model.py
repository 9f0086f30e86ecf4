"""Writes a tiny model with random weights.

usage: make_model.py MODEL PLACE [SEED [TYPE [SHARDS]]]
MODEL is an architecture or a variant of one, such as "llama-yarn".  PLACE is a GGUF
file, or, if it ends in a slash, a Hugging Face folder with the same weights, of TYPE
F32 (as in GGUF), F16 or BF16, in one file or several shards.
The weights are large enough for logits to differ, and the model has every optional
part of its architecture.  The vocabulary is like SentencePiece's: control tokens,
256 byte tokens, letters and a few longer pieces.
"""
import math
import random
import struct
import sys

HEADS, KV, HEAD, MLP, LAYERS, CONTEXT = 4, 2, 8, 48, 2, 256
PIECES = ["\u2581", "e", "t", "a", "o", "i", "n", "s", "h", "r", "d", "l", "u",
          "\u2581t", "he", "\u2581the", "in", "er", "an", "\u2581a", "nd", "\u2581and",
          "on", "re", "at", "\u2581s", "\u2581th", "is", "\u2581i", "ou"]
TOKENS = (["<unk>", "<s>", "</s>"] + ["<0x%02X>" % i for i in range(256)] + PIECES)
KINDS = [2, 3, 3] + [6] * 256 + [1] * len(PIECES)
SCORES = [0.0] * 259 + [-float(i) for i in range(len(PIECES))]

def text(s):
    s = s.encode()
    return struct.pack("<Q", len(s)) + s

def key(name, value):
    out = text(name)
    if isinstance(value, bool):
        return out + struct.pack("<I?", 7, value)
    if isinstance(value, int):
        return out + struct.pack("<II", 4, value)
    if isinstance(value, float):
        return out + struct.pack("<If", 6, value)
    if isinstance(value, str):
        return out + struct.pack("<I", 8) + text(value)
    if isinstance(value[0], str):
        return out + struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(text, value))
    code, kind = ("i", 5) if isinstance(value[0], int) else ("f", 6)
    return out + struct.pack("<IIQ", 9, kind, len(value)) + struct.pack("<%d%s" % (len(value), code), *value)

LAYER_NORM = ("gpt2", "bloom", "mpt", "opt")
FUSED = ("gpt2", "bloom", "mpt", "phi3")
VARIANTS = {
    "llama-linear": {"rope.scaling.type": "linear", "rope.scaling.factor": 4.0},
    "llama-yarn": {"rope.scaling.type": "yarn", "rope.scaling.factor": 8.0,
                   "rope.scaling.original_context_length": 32},
    "llama-3.1": {"rope.scaling.type": "llama3", "rope.scaling.factor": 8.0, "rope.scaling.low_freq_factor": 1.0,
                  "rope.scaling.high_freq_factor": 4.0, "rope.scaling.original_context_length": 32},
    "llama-window": {"attention.sliding_window": 6},
    "phi3-long": {"rope.scaling.original_context_length": 64, "rope.scaling.attn_factor": 1.1547005383792515},
}

class Model:
    def __init__(self, name, seed):
        self.name, self.architecture = name, name.split("-")[0]
        self.random = random.Random(seed)
        self.keys, self.tensors, self.longrope = [], [], None
        self.layers = {"baichuan-7b": 32, "baichuan-13b": 40}.get(name, LAYERS)
        self.heads = 3 if name == "baichuan-13b" else HEADS
        self.width = self.heads * HEAD
        self.narrow = 16 if name == "opt-350m" else self.width

    def put(self, name, *dimensions, around=0.0, spread=None):
        n = math.prod(dimensions)
        spread = spread or 1.6 / math.sqrt(dimensions[0])
        self.tensors.append((name, dimensions, [around + self.random.gauss(0, spread) for _ in range(n)]))

    def linear(self, name, columns, rows, bias):
        self.put(name + ".weight", columns, rows)
        if bias:
            self.put(name + ".bias", rows, spread=0.1)

    def norm(self, name, n, bias):
        self.put(name + ".weight", n, around=1.0, spread=0.1)
        if bias:
            self.put(name + ".bias", n, spread=0.1)

    def ends(self):
        a, layer_norm = self.architecture, self.architecture in LAYER_NORM
        if a in ("gpt2", "opt") or self.name == "mpt":
            self.put("position_embd.weight", self.width, CONTEXT)
        self.put("token_embd.weight", self.narrow, len(TOKENS), spread=1.0)
        if self.narrow < self.width:
            self.put("project_in.weight", self.narrow, self.width)
            self.put("project_out.weight", self.width, self.narrow)
        if a == "bloom":
            self.norm("token_embd_norm", self.width, True)
        if self.name != "opt-350m":
            self.norm("output_norm", self.width, layer_norm)
        if a not in ("gemma2", "gpt2", "opt"):
            self.put("output.weight", self.width, len(TOKENS))
        if self.name == "llama":
            self.put("rope_freqs.weight", HEAD // 2, around=2.0, spread=0.3)
        if self.name == "phi3-long":
            self.put("rope_factors_short.weight", HEAD // 2, around=1.1, spread=0.05)
            self.put("rope_factors_long.weight", HEAD // 2, around=3.0, spread=0.5)

    def layer(self, b, kv):
        a, width, layer_norm = self.architecture, self.width, self.architecture in LAYER_NORM
        bias, bias_here = a in ("gpt2", "bloom", "qwen2", "opt"), a in ("gpt2", "bloom", "opt")
        self.norm(b + "attn_norm", width, layer_norm)
        q, k = self.heads * HEAD, kv * HEAD
        if a in FUSED:
            self.linear(b + "attn_qkv", width, q + 2 * k, bias)
        else:
            self.linear(b + "attn_q", width, q, bias)
            self.linear(b + "attn_k", width, k, bias)
            self.linear(b + "attn_v", width, k, bias)
        if a == "qwen3":
            self.norm(b + "attn_q_norm", HEAD, False)
            self.norm(b + "attn_k_norm", HEAD, False)
        self.linear(b + "attn_output", q, width, bias_here)
        self.norm(b + "ffn_norm", width, layer_norm)
        if a == "gemma2":
            self.norm(b + "post_attention_norm", width, False)
            self.norm(b + "post_ffw_norm", width, False)
        if not layer_norm and a != "phi3":
            self.linear(b + "ffn_gate", width, MLP, bias_here)
        inner = 4 * width if layer_norm else MLP
        self.linear(b + "ffn_up", width, inner * (2 if a == "phi3" else 1), bias_here)
        self.linear(b + "ffn_down", inner, width, bias_here)

    def build(self):
        a, layer_norm = self.architecture, self.architecture in LAYER_NORM
        kv = self.heads if layer_norm or a == "baichuan" else KV
        self.ends()
        for i in range(self.layers):
            self.layer("blk.%d." % i, kv)
        sizes = {"context_length": CONTEXT, "embedding_length": self.width, "block_count": self.layers,
                 "feed_forward_length": 4 * self.width if layer_norm else MLP, "attention.head_count": self.heads,
                 "attention.head_count_kv": kv, "rope.freq_base": 100.0,
                 "attention.layer_norm_rms_epsilon": 1e-5, "attention.layer_norm_epsilon": 1e-5}
        if a == "gemma2":
            sizes.update({"attention.sliding_window": 5, "attn_logit_softcapping": 3.0,
                          "final_logit_softcapping": 4.0, "attention.key_length": HEAD})
        if a == "mpt":
            sizes.update({"attention.max_alibi_bias": 8.0, "attention.clamp_kqv": 1.5})
        if self.name == "opt-350m":
            sizes["is_normed_after"] = True
        sizes.update(VARIANTS.get(self.name, {}))
        self.sizes = sizes
        self.keys = [("general.architecture", a), ("general.name", "tiny " + self.name)]
        self.keys += [(a + "." + k, v) for k, v in sizes.items()]
        self.keys += [("tokenizer.ggml.model", "llama"), ("tokenizer.ggml.tokens", TOKENS),
                      ("tokenizer.ggml.scores", SCORES), ("tokenizer.ggml.token_type", KINDS),
                      ("tokenizer.ggml.bos_token_id", 1), ("tokenizer.ggml.eos_token_id", 2),
                      ("tokenizer.ggml.unknown_token_id", 0), ("tokenizer.ggml.add_bos_token", True),
                      ("tokenizer.ggml.add_space_prefix", True)]

    def write(self, name):
        head = struct.pack("<4sIQQ", b"GGUF", 3, len(self.tensors), len(self.keys))
        head += b"".join(key(k, v) for k, v in self.keys)
        data = b""
        for n, dimensions, values in self.tensors:
            data += bytes(-len(data) % 32)
            head += text(n) + struct.pack("<I%dQIQ" % len(dimensions), len(dimensions), *dimensions, 0, len(data))
            data += struct.pack("<%df" % len(values), *values)
        with open(name, "wb") as out:
            out.write(head + bytes(-len(head) % 32) + data)

def main():
    model = Model(sys.argv[1], int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    model.build()
    if sys.argv[2].endswith("/"):
        import make_folder
        make_folder.write(model, sys.argv[2], *sys.argv[4:])
    else:
        model.write(sys.argv[2])

if __name__ == "__main__":
    main()
