"""Writes the models of make_model.py as Hugging Face folders: the same weights, with the
names, layouts and settings of the Transformers classes.  For make_model.py.
"""
import json
import os
import struct

HEAD = 8
CLASSES = {"llama": "LlamaForCausalLM", "qwen2": "Qwen2ForCausalLM", "qwen3": "Qwen3ForCausalLM",
           "gemma2": "Gemma2ForCausalLM", "phi3": "Phi3ForCausalLM", "gpt2": "GPT2LMHeadModel",
           "bloom": "BloomForCausalLM", "mpt": "MPTForCausalLM", "baichuan": "BaichuanForCausalLM",
           "opt": "OPTForCausalLM"}
LLAMA = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head",
         "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
         "attn_v": "self_attn.v_proj", "attn_qkv": "self_attn.qkv_proj", "attn_output": "self_attn.o_proj",
         "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm",
         "ffn_norm": "post_attention_layernorm", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
         "ffn_down": "mlp.down_proj", "layer": "model.layers."}
NAMES = {
    "llama": LLAMA, "qwen2": LLAMA, "qwen3": LLAMA,
    "gemma2": {**LLAMA, "ffn_norm": "pre_feedforward_layernorm", "post_attention_norm": "post_attention_layernorm",
               "post_ffw_norm": "post_feedforward_layernorm"},
    "phi3": {**LLAMA, "ffn_up": "mlp.gate_up_proj"}, "baichuan": {**LLAMA, "attn_qkv": "self_attn.W_pack"},
    "gpt2": {"token_embd": "wte", "position_embd": "wpe", "output_norm": "ln_f", "attn_norm": "ln_1",
             "attn_qkv": "attn.c_attn", "attn_output": "attn.c_proj", "ffn_norm": "ln_2", "ffn_up": "mlp.c_fc",
             "ffn_down": "mlp.c_proj", "layer": "h."},
    "bloom": {"token_embd": "word_embeddings", "token_embd_norm": "word_embeddings_layernorm", "output_norm": "ln_f",
              "output": "lm_head", "attn_norm": "input_layernorm", "attn_qkv": "self_attention.query_key_value",
              "attn_output": "self_attention.dense", "ffn_norm": "post_attention_layernorm",
              "ffn_up": "mlp.dense_h_to_4h", "ffn_down": "mlp.dense_4h_to_h", "layer": "h."},
    "mpt": {"token_embd": "transformer.wte", "position_embd": "transformer.wpe", "output": "lm_head",
            "output_norm": "transformer.norm_f", "attn_norm": "norm_1", "attn_qkv": "attn.Wqkv",
            "attn_output": "attn.out_proj", "ffn_norm": "norm_2", "ffn_up": "ffn.up_proj", "ffn_down": "ffn.down_proj",
            "layer": "transformer.blocks."},
    "opt": {"token_embd": "model.decoder.embed_tokens", "position_embd": "model.decoder.embed_positions",
            "project_in": "model.decoder.project_in", "project_out": "model.decoder.project_out",
            "output_norm": "model.decoder.final_layer_norm", "attn_norm": "self_attn_layer_norm",
            "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
            "attn_output": "self_attn.out_proj", "ffn_norm": "final_layer_norm", "ffn_up": "fc1", "ffn_down": "fc2",
            "layer": "model.decoder.layers."},
}

def name_of(a, name):
    part, what = name.rsplit(".", 1)
    if part.startswith("blk."):
        _, number, part = part.split(".", 2)
        return "%s%s.%s.%s" % (NAMES[a]["layer"], number, NAMES[a][part], what)
    return NAMES[a][part] + "." + what

def rows_of(dimensions, values):
    n = dimensions[0] if len(dimensions) > 1 else 1
    return [values[i:i + n] for i in range(0, len(values), n)]

def flat(rows):
    return [x for row in rows for x in row]

def in_halves(rows):
    """Rotary pairs: adjacent rows of a head become rows of its two halves."""
    return flat([rows[h:h + HEAD:2] + rows[h + 1:h + HEAD:2] for h in range(0, len(rows), HEAD)])

def by_heads(rows, heads):
    """From all q, all k, all v to q, k, v of each head."""
    at = lambda part, h: rows[(part * heads + h) * HEAD:(part * heads + h + 1) * HEAD]
    return flat([at(part, h) for h in range(heads) for part in range(3)])

def arrange(model, name, dimensions, values):
    """The shape in a folder, with the contiguous dimension last, and the values."""
    a, shape, rows = model.architecture, list(reversed(dimensions)), rows_of(dimensions, values)
    if a in ("llama", "baichuan") and (".attn_q." in name or ".attn_k." in name):
        values = flat(in_halves(rows))
    if a == "bloom" and ".attn_qkv." in name:
        values = flat(by_heads(rows, model.heads))
    if a == "gpt2" and len(shape) == 2 and name.startswith("blk."):
        shape, values = shape[::-1], flat(zip(*rows))
    if a == "gemma2" and "norm" in name:
        values = [x - 1 for x in values]
    if a == "opt" and name.startswith("position_embd"):
        shape[0], values = shape[0] + 2, [9.0] * (2 * dimensions[0]) + values
    return shape, values

def tensors_of(model):
    out, packed = {}, []
    for name, dimensions, values in model.tensors:
        if name.startswith("rope_"):
            continue
        shape, values = arrange(model, name, dimensions, values)
        if model.architecture == "baichuan" and any(p in name for p in (".attn_q.", ".attn_k.", ".attn_v.")):
            packed += values
            if ".attn_v." in name:
                out[name_of("baichuan", name.replace("attn_v", "attn_qkv"))] = ([3 * shape[0], shape[1]], packed)
                packed = []
            continue
        out[name_of(model.architecture, name)] = (shape, values)
    return out

def pack(values, kind):
    if kind == "BF16":			# round to nearest, ties to even
        bits = struct.unpack("<%dI" % len(values), struct.pack("<%df" % len(values), *values))
        return struct.pack("<%dH" % len(values), *((b + 0x7fff + (b >> 16 & 1)) >> 16 for b in bits))
    return struct.pack("<%d%s" % (len(values), "e" if kind == "F16" else "f"), *values)

def write_tensors(path, tensors, kind):
    head, data = {"__metadata__": {"format": "pt"}}, b""
    for name, (shape, values) in tensors.items():
        packed = pack(values, kind)
        head[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(packed)]}
        data += packed
    text = json.dumps(head, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + data)

def scaling(model):
    s = {k[len("rope.scaling."):]: v for k, v in model.sizes.items() if k.startswith("rope.scaling.")}
    out = {"rope_type": s.get("type", "default"), "factor": s.get("factor", 1.0)}
    if "original_context_length" in s:
        out["original_max_position_embeddings"] = s["original_context_length"]
    if "low_freq_factor" in s:
        out.update(low_freq_factor=s["low_freq_factor"], high_freq_factor=s["high_freq_factor"])
    if model.name == "phi3-long":
        t = {name: values for name, _, values in model.tensors}
        out = {"type": "longrope", "short_factor": t["rope_factors_short.weight"],
               "long_factor": t["rope_factors_long.weight"]}
    return out

def config(model):
    a, s = model.architecture, model.sizes
    c = {"architectures": [CLASSES[a]], "model_type": a, "torch_dtype": "float32"}
    sizes = {"num_hidden_layers": "block_count", "hidden_size": "embedding_length",
             "num_attention_heads": "attention.head_count", "max_position_embeddings": "context_length"}
    if a == "gpt2":
        c.update(activation_function="gelu_new", layer_norm_epsilon=1e-5)
        sizes = {"n_layer": "block_count", "n_embd": "embedding_length", "n_head": "attention.head_count",
                 "n_positions": "context_length"}
    elif a == "bloom":
        c.update(layer_norm_epsilon=1e-5, tie_word_embeddings=False)
        sizes = {"n_layer": "block_count", "hidden_size": "embedding_length", "n_head": "attention.head_count",
                 "seq_length": "context_length"}
    elif a == "mpt":
        c.update(attn_config={"alibi": True, "alibi_bias_max": 8, "clip_qkv": 1.5}, tie_word_embeddings=False)
        sizes = {"n_layers": "block_count", "d_model": "embedding_length", "n_heads": "attention.head_count",
                 "max_seq_len": "context_length"}
    elif a == "opt":
        c.update(ffn_dim=s["feed_forward_length"], activation_function="relu", word_embed_proj_dim=model.narrow,
                 do_layer_norm_before=model.name != "opt-350m")
    else:
        c.update(intermediate_size=s["feed_forward_length"], rms_norm_eps=1e-5, rope_theta=s["rope.freq_base"],
                 hidden_act="gelu_pytorch_tanh" if a == "gemma2" else "silu")
        sizes["num_key_value_heads"] = "attention.head_count_kv"
    if a == "gemma2":
        c.update(head_dim=HEAD, query_pre_attn_scalar=HEAD, sliding_window=s["attention.sliding_window"],
                 attn_logit_softcapping=3.0, final_logit_softcapping=4.0)
    if a == "qwen3":
        c["head_dim"] = HEAD
    if any(k.startswith("rope.scaling.") for k in s):
        c["rope_scaling"] = scaling(model)
    if model.name == "phi3-long":
        c["original_max_position_embeddings"] = s["rope.scaling.original_context_length"]
    if model.name == "llama-window":
        c.update(architectures=["MistralForCausalLM"], sliding_window=s["attention.sliding_window"])
    c.update({k: s[v] for k, v in sizes.items()})
    return c

def varint(n):
    return bytes([n & 127 | 128]) + varint(n >> 7) if n > 127 else bytes([n])

def field(number, value):
    """A protocol-buffer field: bytes, a float, or an unsigned integer."""
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    return varint(number << 3) + varint(value)

def sentencepiece(pieces, kind, collapses, ends=(1, 2)):
    """A tokenizer.model: pieces are (text, score, kind of token); kind is 1 for Unigram, 2 for BPE; ends
    are the ids of BOS and EOS, or -1."""
    pieces = list(pieces)
    out = b"".join(field(1, field(1, t.encode()) + field(2, float(s)) + field(3, k)) for t, s, k in pieces)
    has_bytes = any(k == 6 for _, _, k in pieces)
    numbers = {3: kind, 35: int(has_bytes), 41: ends[0] % 2 ** 64, 42: ends[1] % 2 ** 64}
    return (out + field(2, b"".join(field(k, v) for k, v in numbers.items()))
            + field(3, field(3, 1) + field(4, collapses)))

def write_sentencepiece(model, place):
    keys = dict(model.keys)
    with open(place + "tokenizer.model", "wb") as out:
        out.write(sentencepiece(zip(keys["tokenizer.ggml.tokens"], keys["tokenizer.ggml.scores"],
                                    keys["tokenizer.ggml.token_type"]), 2, 0))

def write(model, place, kind="F32", shards="1"):
    os.makedirs(place, exist_ok=True)
    with open(place + "config.json", "w") as out:
        json.dump(config(model), out, indent=1)
    write_sentencepiece(model, place)
    tensors, n = tensors_of(model), int(shards)
    if n == 1:
        write_tensors(place + "model.safetensors", tensors, kind)
        return
    index = {"metadata": {}, "weight_map": {}}
    names = list(tensors)
    for i in range(n):
        file = "model-%05d-of-%05d.safetensors" % (i + 1, n)
        mine = names[i * len(names) // n:(i + 1) * len(names) // n]
        write_tensors(place + file, {k: tensors[k] for k in mine}, kind)
        index["weight_map"].update({k: file for k in mine})
    with open(place + "model.safetensors.index.json", "w") as out:
        json.dump(index, out)
