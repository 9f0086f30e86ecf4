"""Writes a tiny model of one architecture with random weights as GGUF.

usage: make_model.py ARCHITECTURE FILE [SEED]
The weights are large enough that logits differ, and every optional part that
the architecture may have is there.  The vocabulary is SentencePiece-like:
control tokens, 256 byte tokens, letters and a few joined pieces.
"""
import math
import random
import struct
import sys

WIDTH, HEADS, KV, HEAD, MLP, LAYERS, CONTEXT = 32, 4, 2, 8, 48, 2, 256
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

class Model:
    def __init__(self, architecture, seed):
        self.architecture, self.random = architecture, random.Random(seed)
        self.keys, self.tensors = [], []

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

    def build(self):
        a = self.architecture
        layer_norm = a in ("gpt2", "bloom", "mpt")
        fused = a in ("gpt2", "bloom", "mpt", "phi3")
        kv = HEADS if layer_norm or a == "baichuan" else KV
        bias = a in ("gpt2", "bloom", "qwen2")
        if a == "gpt2" or a == "mpt":
            self.put("position_embd.weight", WIDTH, CONTEXT)
        self.put("token_embd.weight", WIDTH, len(TOKENS), spread=1.0)
        if a == "bloom":
            self.norm("token_embd_norm", WIDTH, True)
        self.norm("output_norm", WIDTH, layer_norm)
        if a not in ("gemma2", "gpt2"):
            self.put("output.weight", WIDTH, len(TOKENS))
        if a == "llama":
            self.put("rope_freqs.weight", HEAD // 2, around=2.0, spread=0.3)
        for i in range(LAYERS):
            b = "blk.%d." % i
            self.norm(b + "attn_norm", WIDTH, layer_norm)
            q, k = HEADS * HEAD, kv * HEAD
            if fused:
                self.linear(b + "attn_qkv", WIDTH, q + 2 * k, bias)
            else:
                self.linear(b + "attn_q", WIDTH, q, bias)
                self.linear(b + "attn_k", WIDTH, k, bias)
                self.linear(b + "attn_v", WIDTH, k, bias)
            if a == "qwen3":
                self.norm(b + "attn_q_norm", HEAD, False)
                self.norm(b + "attn_k_norm", HEAD, False)
            self.linear(b + "attn_output", q, WIDTH, bias and a != "qwen2")
            self.norm(b + "ffn_norm", WIDTH, layer_norm)
            if a == "gemma2":
                self.norm(b + "post_attention_norm", WIDTH, False)
                self.norm(b + "post_ffw_norm", WIDTH, False)
            bias_here = bias and a != "qwen2"
            if not layer_norm and a != "phi3":
                self.linear(b + "ffn_gate", WIDTH, MLP, bias_here)
            self.linear(b + "ffn_up", WIDTH, MLP * (2 if a == "phi3" else 1), bias_here)
            self.linear(b + "ffn_down", MLP, WIDTH, bias_here)
        sizes = {"context_length": CONTEXT, "embedding_length": WIDTH, "block_count": LAYERS,
                 "feed_forward_length": MLP, "attention.head_count": HEADS,
                 "attention.head_count_kv": kv, "rope.freq_base": 100.0,
                 "attention.layer_norm_rms_epsilon": 1e-5, "attention.layer_norm_epsilon": 1e-5}
        if a == "gemma2":
            sizes.update({"attention.sliding_window": 5, "attn_logit_softcapping": 3.0,
                          "final_logit_softcapping": 4.0, "attention.key_length": HEAD})
        if a == "mpt":
            sizes.update({"attention.max_alibi_bias": 8.0, "attention.clamp_kqv": 1.5})
        self.keys = [("general.architecture", a), ("general.name", "tiny " + a)]
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
    model.write(sys.argv[2])

if __name__ == "__main__":
    main()
