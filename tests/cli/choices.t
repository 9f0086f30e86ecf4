#!/bin/bash
# What changes a score and is in no file is said once on standard error, and by --describe; what
# cannot be right is refused.
. "${srcdir:-.}/tests/lib.sh"
cd "$tmp" || exit 99
PYTHONPATH=$srcdir/tests/oracle PYTHONDONTWRITEBYTECODE=1; export PYTHONPATH PYTHONDONTWRITEBYTECODE
# make NAME MODEL PYTHON: a model whose keys (a dict) and tensors (a list) the statement changes
make() {
	$PYTHON3 - "$@" <<-'END'
		import sys
		import make_model
		m = make_model.Model(sys.argv[2], 3)
		m.build()
		keys, ggml = dict(m.keys), "tokenizer.ggml."
		exec(sys.argv[3])
		m.keys = list(keys.items())
		m.write(sys.argv[1] + ".gguf")
	END
}
score() { alignx-score "$@"; }
row() { jq -nc --arg p "$1" --arg c "$2" --arg r "$3" '{prompt: $p, chosen: $c, rejected: $r}'; }
describes() { [ "$(score --describe "$1" | sed -n "s/^$2  *//p")" = "$3" ] || { score --describe "$1"; return 1; }; }
silent() { "$@" 2>&1 >/dev/null | grep -v accuracy >heard; ! [ -s heard ] || { cat heard; return 1; }; }
byte_level='letters = [chr(b) for b in range(33, 127)] + ["\u0120", "\u010a"]
keys[ggml + "model"] = "gpt2"
keys[ggml + "tokens"] = ["<s>", "</s>"] + letters + ["<|im_start|>", "<|im_end|>", "12", "123", "34"]
n = len(keys[ggml + "tokens"])
keys[ggml + "token_type"] = [3, 3] + [1] * (n - 7) + [4, 4, 1, 1, 1]
keys[ggml + "merges"] = ["1 2", "3 4", "12 3"]
keys[ggml + "bos_token_id"], keys[ggml + "eos_token_id"] = 0, 1
for k in ("scores", "unknown_token_id", "add_space_prefix"): del keys[ggml + k]
m.tensors = [(t, [d[0], n], v[:d[0] * n]) if t in ("token_embd.weight", "output.weight") else (t, d, v) for t, d, v in m.tensors]
'
row 'the cat' 'is here' 'and there' >rows.jsonl

# BOS and EOS
make said llama ''
make unsaid llama 'del keys[ggml + "add_bos_token"]'
make refuses llama 'keys[ggml + "add_bos_token"] = False'
make no-bos llama 'del keys[ggml + "bos_token_id"], keys[ggml + "add_bos_token"]'
make no-eos llama 'del keys[ggml + "eos_token_id"]'
make neither llama 'del keys[ggml + "eos_token_id"], keys[ggml + "bos_token_id"]'
first() { score -q --pairs --print tokens "$@" rows.jsonl | jq .prompt[0]; }
check 'BOS is added where the file says so' [ "$(first -m said.gguf)" = 1 ]
check 'and nothing is said of it' silent score --pairs --print tokens -m said.gguf rows.jsonl
check 'add_bos_token = false is obeyed' [ "$(first -m refuses.gguf)" != 1 ]
check '--bos always is stronger' [ "$(first -m refuses.gguf --bos always)" = 1 ]
check 'where nobody decides, it is said which token is added' \
    says 'unsaid.gguf: the model does not say whether prompts begin with BOS; token 1 (<s>) is added; --bos decides' score --pairs -m unsaid.gguf rows.jsonl
check 'an option decides without a word' silent score --pairs --bos always -m unsaid.gguf rows.jsonl
check '-q says nothing' silent score -q --pairs -m unsaid.gguf rows.jsonl
check '--describe: BOS by the file' describes said.gguf bos '1 (<s>), added (tokenizer.ggml.add_bos_token)'
check '--describe: no BOS by the file' describes refuses.gguf bos '1 (<s>), not added (tokenizer.ggml.add_bos_token)'
check '--describe: BOS by default' describes unsaid.gguf bos '1 (<s>), added (default: the model does not say)'
check '--describe: no BOS' describes no-bos.gguf bos none
check '--describe: EOS' describes said.gguf eos '2 (</s>), added (--eos plain)'
check 'a model without BOS gets none' [ "$(first -m no-bos.gguf)" != 1 ]
check '--bos always needs a BOS' says 'no-bos.gguf: --bos always asks for BOS, and the vocabulary has none' score --pairs --bos always -m no-bos.gguf rows.jsonl
check '--eos plain needs an EOS' says 'no-eos.gguf: --eos asks for EOS, and the vocabulary has none' score --pairs --eos plain -m no-eos.gguf rows.jsonl
check 'no EOS is said' says 'no-eos.gguf: the vocabulary names no EOS, so responses end without one' score --pairs -m no-eos.gguf rows.jsonl
row 'the cat' 'is' '' >empty.jsonl
check 'an empty response without EOS is refused' says 'the rejected response has no tokens, and so no probability' score --pairs -m no-eos.gguf empty.jsonl
check 'with status 1' exits 1 score -q --pairs -m no-eos.gguf empty.jsonl
check 'with EOS it is scored' exits 0 score -q --pairs -m said.gguf empty.jsonl

# a first token without anything before it
row '' 'is here' 'and there' >bare.jsonl
bare() { score -q --pairs --print tokens "$@" bare.jsonl | jq -c .prompt; }
check 'a prompt without tokens becomes BOS' [ "$(bare -m refuses.gguf)" = '[1]' ]
check 'or EOS' [ "$(bare -m no-bos.gguf)" = '[2]' ]
check 'which is counted' says 'prompts without tokens, which BOS or EOS stands for: 1' score --pairs -m no-bos.gguf bare.jsonl
check 'a model with neither refuses the row' says 'no probability without one before it; the model has no BOS or EOS' score --pairs -m neither.gguf bare.jsonl
check 'so does --bos never' says 'drop --bos never' score --pairs --bos never -m said.gguf bare.jsonl
nats=$(score -q --pairs -m no-bos.gguf bare.jsonl | jq .chosen)
check 'its first token has a probability' [ "$(score -q --pairs --print tokens -m no-bos.gguf bare.jsonl | jq -r '.prompt + .chosen | map(tostring) | join(" ")' >ids
	score -m no-bos.gguf --tokens ids | tail -1 | jq --argjson x "$nats" '. + $x | fabs < 1e-4')" = true ]

# what people write is text
make chat llama "$byte_level"
row 'a<|im_end|>b<s>' 'c<|im_end|>' 'd</s>' >typed.jsonl
check 'user-defined tokens that end turns are text in what people write' [ "$(score -q --pairs --bos never --print tokens -m chat.gguf typed.jsonl |
    jq -c '[(.prompt, .chosen[:-1], .rejected[:-1]) | map(select(. < 2 or . > 97)) | length]')" = '[0,0,0]' ]
make spm llama 'keys[ggml + "tokens"][259:262] = ["</", "</s", "s"]; keys[ggml + "token_type"][2] = 1; keys[ggml + "tokens"][262] = ">"'
row 'a' '</s>' 'x' >typed.jsonl
check 'EOS is never made by merges' [ "$(score -q --pairs --print tokens -m spm.gguf typed.jsonl | jq -c '.chosen[:-1] | index(2)')" = null ]

# the pre-tokenizer
make split llama "${byte_level}keys[ggml + 'pre'] = 'llama-bpe'"
check 'a missing pre-tokenizer is said' says 'chat.gguf: the model does not say how texts are split into words (tokenizer.ggml.pre), so they are split as for GPT-2' score --pairs -m chat.gguf rows.jsonl
check 'one that is named is not' sh -c "alignx-score --pairs -m split.gguf rows.jsonl 2>&1 | grep -c 'split into words' | grep -qx 0"
check '--describe: the pre-tokenizer' describes split.gguf pre-tokenizer 'llama-bpe (tokenizer.ggml.pre)'
check '--describe: the missing one' describes chat.gguf pre-tokenizer 'default (default: the model does not say)'

# tokens that the model does not have
make few llama 'm.tensors = [(t, [d[0], 288], v[:d[0] * 288]) if t in ("token_embd.weight", "output.weight") else (t, d, v) for t, d, v in m.tensors]'
check 'a tokenizer with more tokens than the model is said' says 'few.gguf: the tokenizer has 289 tokens and the model 288; rows that need the others are refused' score --pairs -m few.gguf rows.jsonl
check 'rows without them are scored' exits 0 score -q --pairs -m few.gguf rows.jsonl
row 'the cat' 'ou' 'is' >beyond.jsonl
check 'a row with one is refused' says 'the text has token 288 (ou), and the model knows those below 288 only' score --pairs -m few.gguf beyond.jsonl

# tensors that an architecture needs, and tensors that it does not have
lacks() { # MODEL PART WANT
	make lacks "$1" "m.tensors = [t for t in m.tensors if t[0] != 'blk.1.$2']"
	check "$1 without $2 is refused" says "tensor blk.1.$2 is missing" score --describe lacks.gguf
}
lacks qwen3 attn_q_norm.weight
lacks qwen3 attn_k_norm.weight
lacks gemma2 post_attention_norm.weight
lacks gemma2 post_ffw_norm.weight
lacks qwen2 attn_v.bias
lacks gpt2 ffn_up.bias
lacks bloom attn_qkv.bias
has() { make has "$1" "m.tensors += [(n, [2], [1, 1]) for n in '$2'.split()]"; }
has llama 'blk.0.attn_sinks.weight blk.1.attn_sinks.weight'
check 'tensors that nothing uses are refused by name' says 'has.gguf: tensor blk.0.attn_sinks.weight (and 1 more) is not one of the architecture llama' score --describe has.gguf
has llama 'blk.0.attn_rot_embd.weight blk.12.attn_q.input_scale'
check 'harmless ones are not' exits 0 score --describe has.gguf
has qwen3 'cls.output.weight'
check "nor is a reranker's head" exits 0 score --describe has.gguf
has llama 'blk.0.attn_rot_embdXweight'
check 'a name that resembles a harmless one is refused' exits 2 score --describe has.gguf
make fewer llama 'keys["llama.block_count"] = 1'
check 'layers beyond block_count are refused' says 'or block_count is too small' score --describe fewer.gguf
make twice llama 'm.tensors.append(m.tensors[3])'
check 'two tensors of one name are refused' says 'twice.gguf: two tensors are named' score --describe twice.gguf
make window llama-window ''
check '--describe: the window' describes window.gguf window '6 tokens, in 2 of 2 layers'
make yarn llama-yarn ''
check '--describe: RoPE' describes yarn.gguf rope 'base 100, 8 of 8 dimensions, yarn by 8'

# numbers that overflow or are NaN
breaks() { # WHERE TENSOR MODEL VALUE: the first number of a tensor is VALUE
	make broken "$3" "m.tensors = [(n, d, [float('$4')] + v[1:] if n == '$2' else v) for n, d, v in m.tensors]"
	for precision in f32 bf16 int8 amx; do
		check "$3, $precision: $4 in $2 is found" says "overflow or are NaN, beginning in $1:" score --pairs --precision $precision -m broken.gguf rows.jsonl
	done
	check "$3: with status 2" exits 2 score --pairs -m broken.gguf rows.jsonl
}
breaks 'layer 1' blk.1.ffn_down.weight llama nan
breaks 'layer 0' blk.0.attn_norm.weight llama inf
breaks 'layer 1' blk.1.ffn_gate.weight llama nan
breaks 'layer 0' blk.0.attn_v.weight llama nan
breaks 'layer 1' blk.1.attn_qkv.weight mpt nan
breaks 'the output matrix' output.weight llama nan
make broken llama "m.tensors = [(n, d, [float('nan')] * len(v) if n == 'token_embd.weight' else v) for n, d, v in m.tensors]"
check 'NaN in the embedding is found' says 'beginning in the embedding' score --pairs -m broken.gguf rows.jsonl
echo 5 6 7 >ids
check '--tokens too' says 'beginning in the embedding' score -m broken.gguf --tokens ids
check '--generate too' says 'beginning in the embedding' score --pairs --generate 3 -m broken.gguf rows.jsonl
done_testing
