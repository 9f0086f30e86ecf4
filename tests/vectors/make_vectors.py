"""A third engine: Hugging Face folders in float64 with PyTorch, to make vectors.

usage: make_vectors.py FOLDER IDS, or make_vectors.py all
Reads config.json and safetensors under the names of the folder, by what the
classes of Hugging Face's models do, and prints -log p of each id but the first,
and their sum.  "all" writes a file for each model of ../oracle/make_model.py
beside this script.  Whole sequences are computed at once, with masks; nothing
is shared with the other engines.
"""
import json
import math
import os
import struct
import subprocess
import sys
import tempfile

import torch
from torch.nn.functional import gelu, layer_norm, linear, log_softmax, relu, silu

MODELS = ["llama", "llama-linear", "llama-yarn", "llama-3.1", "llama-window", "qwen2", "qwen3", "gemma2", "phi3",
          "phi3-long", "gpt2", "bloom", "mpt", "baichuan-7b", "baichuan-13b", "opt", "opt-350m"]
IDS = [1, 17, 288, 255, 3, 262, 40, 40, 131, 270, 7, 199, 64, 281, 2, 1, 90, 266, 150, 33, 276, 12, 240, 259]

def read(folder):
    with open(folder + "/config.json") as f:
        config = json.load(f)
    with open(folder + "/model.safetensors", "rb") as f:
        data = f.read()
    n, = struct.unpack_from("<Q", data)
    out = {}
    for name, e in json.loads(data[8:8 + n]).items():
        if name != "__metadata__":
            assert e["dtype"] == "F32"
            a, b = e["data_offsets"]
            flat = torch.frombuffer(bytearray(data[8 + n + a:8 + n + b]), dtype=torch.float32)
            out[name] = flat.double().reshape(e["shape"])
    return config, out

def rms(x, weight, epsilon):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon) * weight

def causal(n, window=None):
    """True where a query (row) must not see a key (column)."""
    far = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    return (far < 0) | (far >= window) if window else far < 0

def alibi(heads, n):
    """heads x 1 x n, by the recipe of the paper's authors, here relative to key 0."""
    def slopes(k):
        if math.log2(k).is_integer():
            first = 2 ** (-8 / k)
            return [first ** (i + 1) for i in range(k)]
        closest = 2 ** math.floor(math.log2(k))
        return slopes(closest) + slopes(2 * closest)[0::2][:k - closest]
    return torch.tensor(slopes(heads), dtype=torch.float64)[:, None, None] * torch.arange(n)[None, None, :]

def attention(q, k, v, scale, mask, bias=None, cap=None):
    """heads x n x size each; keys of a group of heads are repeated."""
    k, v = (t.repeat_interleave(q.shape[0] // t.shape[0], 0) for t in (k, v))
    score = q @ k.transpose(1, 2) * scale
    score = cap * torch.tanh(score / cap) if cap else score
    score = score if bias is None else score + bias
    out = torch.softmax(score.masked_fill(mask, -math.inf), -1) @ v
    return out.transpose(0, 1).reshape(q.shape[1], -1)

def split_heads(x, size):
    return x.reshape(x.shape[0], -1, size).transpose(0, 1)

def inverse_frequencies(c, size, length):
    base = 1 / c["rope_theta"] ** (torch.arange(0, size, 2, dtype=torch.float64) / size)
    s = c.get("rope_scaling") or {}
    kind, by = s.get("rope_type", s.get("type", "default")), s.get("factor", 1.0)
    original = s.get("original_max_position_embeddings", c.get("original_max_position_embeddings"))
    if kind == "linear":
        return base / by, 1.0
    if kind == "llama3":
        wavelength = 2 * math.pi / base
        smooth = (original / wavelength - s["low_freq_factor"]) / (s["high_freq_factor"] - s["low_freq_factor"])
        middle = (1 - smooth) * base / by + smooth * base
        out = torch.where(wavelength > original / s["low_freq_factor"], base / by, middle)
        return torch.where(wavelength < original / s["high_freq_factor"], base, out), 1.0
    if kind == "yarn":
        at = lambda turns: size * math.log(original / (turns * 2 * math.pi)) / (2 * math.log(c["rope_theta"]))
        low, high = max(math.floor(at(32)), 0), min(math.ceil(at(1)), size - 1)
        ramp = ((torch.arange(size // 2, dtype=torch.float64) - low) / max(high - low, 0.001)).clamp(0, 1)
        return base / by * ramp + base * (1 - ramp), 0.1 * math.log(by) + 1
    if kind == "longrope":
        most = c["max_position_embeddings"]
        factors = s["long_factor" if length > original else "short_factor"]
        grows = math.sqrt(1 + math.log(most / original) / math.log(original)) if most > original else 1.0
        return base / torch.tensor(factors, dtype=torch.float32).double(), grows
    return base, 1.0

def rotate(x, c):
    """Rotary embedding, the second half of a head against the first."""
    frequency, by = inverse_frequencies(c, x.shape[-1], x.shape[1])
    angle = torch.arange(x.shape[1], dtype=torch.float64)[:, None] * frequency
    cos, sin = (torch.cat([f(angle)] * 2, -1) * by for f in (torch.cos, torch.sin))
    half = x.shape[-1] // 2
    return x * cos + torch.cat([-x[..., half:], x[..., :half]], -1) * sin

def llama(c, t, ids):
    """Llama, Mistral, Qwen2, Qwen3, Gemma 2, Phi-3 and Baichuan."""
    kind, epsilon = c["architectures"][0], c["rms_norm_eps"]
    is_gemma, is_baichuan = kind.startswith("Gemma"), kind.startswith("Baichuan")
    heads, one = c["num_attention_heads"], 1.0 if is_gemma else 0.0
    size = c.get("head_dim") or c["hidden_size"] // heads
    n, layers = len(ids), c["num_hidden_layers"]
    norm = lambda x, name: rms(x, one + t[name + ".weight"], epsilon)
    apply = lambda x, name: linear(x, t[name + ".weight"], t.get(name + ".bias"))
    x = t["model.embed_tokens.weight"][ids]
    x = x * math.sqrt(c["hidden_size"]) if is_gemma else x
    for i in range(layers):
        p = "model.layers.%d." % i
        h = norm(x, p + "input_layernorm")
        fused = "self_attn.W_pack" if is_baichuan else "self_attn.qkv_proj"
        if p + fused + ".weight" in t:
            kv = c["num_key_value_heads"] * size
            q, k, v = apply(h, p + fused).split([heads * size, kv, kv], -1)
        else:
            q, k, v = (apply(h, p + "self_attn.%s_proj" % s) for s in "qkv")
        q, k, v = (split_heads(y, size) for y in (q, k, v))
        if p + "self_attn.q_norm.weight" in t:
            q, k = norm(q, p + "self_attn.q_norm"), norm(k, p + "self_attn.k_norm")
        if not is_baichuan or layers == 32:
            q, k = rotate(q, c), rotate(k, c)
        window = c.get("sliding_window") if not is_gemma or i % 2 == 0 else None
        y = attention(q, k, v, (c.get("query_pre_attn_scalar") or size) ** -0.5, causal(n, window),
                      alibi(heads, n) if is_baichuan and layers == 40 else None, c.get("attn_logit_softcapping"))
        y = apply(y, p + "self_attn.o_proj")
        x = x + (norm(y, p + "post_attention_layernorm") if is_gemma else y)
        h = norm(x, p + ("pre_feedforward_layernorm" if is_gemma else "post_attention_layernorm"))
        if p + "mlp.gate_up_proj.weight" in t:
            gate, up = apply(h, p + "mlp.gate_up_proj").chunk(2, -1)
        else:
            gate, up = apply(h, p + "mlp.gate_proj"), apply(h, p + "mlp.up_proj")
        y = apply((gelu(gate, approximate="tanh") if is_gemma else silu(gate)) * up, p + "mlp.down_proj")
        x = x + (norm(y, p + "post_feedforward_layernorm") if is_gemma else y)
    logits = linear(norm(x, "model.norm"), t.get("lm_head.weight", t["model.embed_tokens.weight"]))
    cap = c.get("final_logit_softcapping")
    return cap * torch.tanh(logits / cap) if cap else logits

def normed(t, x, name):
    return layer_norm(x, x.shape[-1:], t[name + ".weight"], t.get(name + ".bias"), 1e-5)

def gpt2(c, t, ids):
    n, size = len(ids), c["n_embd"] // c["n_head"]
    convolve = lambda x, name: x @ t[name + ".weight"] + t[name + ".bias"]
    x = t["wte.weight"][ids] + t["wpe.weight"][:n]
    for i in range(c["n_layer"]):
        p = "h.%d." % i
        q, k, v = (split_heads(y, size) for y in convolve(normed(t, x, p + "ln_1"), p + "attn.c_attn").chunk(3, -1))
        x = x + convolve(attention(q, k, v, size ** -0.5, causal(n)), p + "attn.c_proj")
        h = gelu(convolve(normed(t, x, p + "ln_2"), p + "mlp.c_fc"), approximate="tanh")
        x = x + convolve(h, p + "mlp.c_proj")
    return linear(normed(t, x, "ln_f"), t["wte.weight"])

def bloom(c, t, ids):
    n, heads = len(ids), c["n_head"]
    size = c["hidden_size"] // heads
    apply = lambda x, name: linear(x, t[name + ".weight"], t[name + ".bias"])
    x = normed(t, t["word_embeddings.weight"][ids], "word_embeddings_layernorm")
    for i in range(c["n_layer"]):
        p = "h.%d." % i
        fused = apply(normed(t, x, p + "input_layernorm"), p + "self_attention.query_key_value")
        q, k, v = fused.reshape(n, heads, 3, size).permute(2, 1, 0, 3)
        x = x + apply(attention(q, k, v, size ** -0.5, causal(n), alibi(heads, n)), p + "self_attention.dense")
        h = gelu(apply(normed(t, x, p + "post_attention_layernorm"), p + "mlp.dense_h_to_4h"), approximate="tanh")
        x = x + apply(h, p + "mlp.dense_4h_to_h")
    return linear(normed(t, x, "ln_f"), t["lm_head.weight"])

def mpt(c, t, ids):
    n, heads, size = len(ids), c["n_heads"], c["d_model"] // c["n_heads"]
    clip = c["attn_config"]["clip_qkv"]
    x = t["transformer.wte.weight"][ids]
    if "transformer.wpe.weight" in t:
        x = x + t["transformer.wpe.weight"][:n]
    for i in range(c["n_layers"]):
        p = "transformer.blocks.%d." % i
        fused = linear(normed(t, x, p + "norm_1"), t[p + "attn.Wqkv.weight"]).clamp(-clip, clip)
        q, k, v = (split_heads(y, size) for y in fused.chunk(3, -1))
        y = attention(q, k, v, size ** -0.5, causal(n), alibi(heads, n))
        x = x + linear(y, t[p + "attn.out_proj.weight"])
        h = gelu(linear(normed(t, x, p + "norm_2"), t[p + "ffn.up_proj.weight"]))
        x = x + linear(h, t[p + "ffn.down_proj.weight"])
    return linear(normed(t, x, "transformer.norm_f"), t["lm_head.weight"])

def opt(c, t, ids):
    n, d, before = len(ids), "model.decoder.", c["do_layer_norm_before"]
    size = c["hidden_size"] // c["num_attention_heads"]
    apply = lambda x, name: linear(x, t[name + ".weight"], t[name + ".bias"])
    x = t[d + "embed_tokens.weight"][ids]
    x = linear(x, t[d + "project_in.weight"]) if d + "project_in.weight" in t else x
    x = x + t[d + "embed_positions.weight"][torch.arange(n) + 2]
    for i in range(c["num_hidden_layers"]):
        p = d + "layers.%d." % i
        h = normed(t, x, p + "self_attn_layer_norm") if before else x
        q, k, v = (split_heads(apply(h, p + "self_attn.%s_proj" % s), size) for s in "qkv")
        x = x + apply(attention(q, k, v, size ** -0.5, causal(n)), p + "self_attn.out_proj")
        x = x if before else normed(t, x, p + "self_attn_layer_norm")
        h = normed(t, x, p + "final_layer_norm") if before else x
        x = x + apply(relu(apply(h, p + "fc1")), p + "fc2")
        x = x if before else normed(t, x, p + "final_layer_norm")
    x = normed(t, x, d + "final_layer_norm") if d + "final_layer_norm.weight" in t else x
    x = linear(x, t[d + "project_out.weight"]) if d + "project_out.weight" in t else x
    return linear(x, t[d + "embed_tokens.weight"])

def scores(folder, ids):
    config, tensors = read(folder)
    kind = config["architectures"][0]
    run = {"GPT2LMHeadModel": gpt2, "BloomForCausalLM": bloom, "MPTForCausalLM": mpt,
           "OPTForCausalLM": opt}.get(kind, llama)
    p = log_softmax(run(config, tensors, torch.tensor(ids)), -1)
    out = [-p[i, ids[i + 1]].item() for i in range(len(ids) - 1)]
    return out + [math.fsum(out)]

def write_all():
    here = os.path.dirname(os.path.abspath(__file__))
    with open(here + "/ids", "w") as f:
        print(*IDS, file=f)
    for model in MODELS:
        with tempfile.TemporaryDirectory() as place:
            subprocess.run([sys.executable, here + "/../oracle/make_model.py", model, place + "/", "11"], check=True)
            with open("%s/%s.nll" % (here, model), "w") as f:
                f.writelines("%.9f\n" % x for x in scores(place, IDS))

if __name__ == "__main__":
    if sys.argv[1] == "all":
        write_all()
    else:
        with open(sys.argv[2]) as f:
            for x in scores(sys.argv[1], [int(s) for s in f.read().split()]):
                print("%.9f" % x)
