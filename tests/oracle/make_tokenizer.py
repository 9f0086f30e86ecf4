"""Writes the vocabulary of a GGUF file as a tokenizer.json, as Hugging Face does.

usage: make_tokenizer.py MODEL.gguf FOLDER [plain]
Byte-level BPE gets its pattern as a Split; SentencePiece BPE gets merges derived from
its scores, a normalizer that replaces spaces by U+2581, and byte_fallback.
plain: writes vocab.json and merges.txt instead, as GPT-2 does.
"""
import json
import os
import sys

import reference

NUMBERS = {"llama-bpe": r"\p{N}{1,3}", "qwen2": r"\p{N}"}
PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|"
           r"\s+(?!\S)|\s+")

def merges_of_scores(tokens, scores):
    """All merges of two tokens to a third, the best third first."""
    ids = {t: i for i, t in enumerate(tokens)}
    out = []
    for token, score in zip(tokens, scores):
        parts = [(ids[token[:i]], ids[token[i:]]) for i in range(1, len(token))
                 if token[:i] in ids and token[i:] in ids]
        out += [(-score, part) for part in sorted(parts)]
    out.sort(key=lambda x: x[0])
    return [[tokens[a], tokens[b]] for _, (a, b) in out]

def tokenizer(meta):
    tokens, kinds = meta["tokenizer.ggml.tokens"], meta.get("tokenizer.ggml.token_type")
    added = [{"id": i, "content": t, "special": kinds[i] == 3} for i, t in enumerate(tokens)
             if kinds and kinds[i] in (3, 4)]
    vocab = {}
    for i, t in enumerate(tokens):
        vocab.setdefault(t, i)
    model = {"type": "BPE", "vocab": vocab}
    out = {"version": "1.0", "added_tokens": added, "normalizer": None, "model": model}
    if meta["tokenizer.ggml.model"] == "llama":
        model.update(merges=merges_of_scores(tokens, meta["tokenizer.ggml.scores"]), byte_fallback=True,
                     unk_token="<unk>", fuse_unk=True)
        out["normalizer"] = {"type": "Sequence", "normalizers": [
            {"type": "Prepend", "prepend": "\u2581"},
            {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]}
        out["post_processor"] = {"type": "TemplateProcessing", "single": [
            {"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]}
        return out
    model["merges"] = meta["tokenizer.ggml.merges"]
    pre = meta.get("tokenizer.ggml.pre", "default")
    bytes_alone = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": pre not in NUMBERS}
    if pre not in NUMBERS:
        out["pre_tokenizer"] = bytes_alone
        return out
    model["ignore_merges"] = pre == "llama-bpe"
    out["normalizer"] = {"type": "NFC"} if pre == "qwen2" else None
    out["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [
        {"type": "Split", "pattern": {"Regex": PATTERN % NUMBERS[pre]}, "behavior": "Isolated", "invert": False},
        bytes_alone]}
    return out

def main():
    meta, _ = reference.read(sys.argv[1])
    out, place = tokenizer(meta), sys.argv[2]
    os.makedirs(place, exist_ok=True)
    if len(sys.argv) > 3:
        with open(place + "/vocab.json", "w") as f:
            json.dump(out["model"]["vocab"], f)
        with open(place + "/merges.txt", "w") as f:
            f.write("#version: 0.2\n" + "".join(m + "\n" for m in out["model"]["merges"]))
        return
    with open(place + "/tokenizer.json", "w") as f:
        json.dump(out, f)

if __name__ == "__main__":
    main()
