#!/bin/bash
# Hugging Face folders, compared with GGUF files of the same weights and with formulas.
. "${srcdir:-.}/tests/lib.sh"
cd "$tmp" || exit 99
oracle=$srcdir/tests/oracle
make() { $PYTHON3 "$oracle/make_model.py" "$@"; }
nll() { alignx-score -m "$1" --tokens ids; }
near() { # FILE FILE [RELATIVE]: numbers line by line
	paste "$1" "$2" | awk -v r="${3:-2e-6}" 'function abs(x) { return x < 0 ? -x : x }
	    NF != 2 || abs($1 - $2) > r * (1 + abs($1)) { print NR ": " $0; bad = 1 } END { exit bad || NR < 2 }'
}
awk 'BEGIN { srand(7); for (i = 0; i < 24; i++) printf "%d ", rand() * 289 }' >ids

for m in llama-linear llama-yarn llama-3.1 llama-window qwen2 qwen3 gemma2 phi3 phi3-long gpt2 bloom mpt \
    baichuan-7b baichuan-13b opt opt-350m; do
	make $m $m.gguf 3 && make $m $m/ 3 && $PYTHON3 "$oracle/reference.py" $m.gguf ids >$m.want
	nll $m.gguf >$m.got
	case $m in baichuan-*) within=1e-5 ;; *) within=2e-6 ;; esac	# 32 and 40 layers
	check "$m (GGUF): losses agree with the float64 reference" near $m.want $m.got $within
	nll $m >$m.folder
	check "$m (folder): losses agree with the float64 reference" near $m.want $m.folder $within
done

# LongRoPE: texts longer than the original context have other factors
awk 'BEGIN { srand(8); for (i = 0; i < 90; i++) printf "%d ", rand() * 289 }' >long
$PYTHON3 "$oracle/reference.py" phi3-long.gguf long >want
nll_of() { alignx-score -m "$1" --tokens "$2"; }
nll_of phi3-long.gguf long >got; check 'long texts (GGUF) agree with the float64 reference' near want got
nll_of phi3-long long >got; check 'long texts (folder) agree with the float64 reference' near want got
long=$(printf 'the cat and %.0s' $(seq 10))
for prompt in 'the cat' "$long"; do
	jq -nc --arg p "$prompt" --arg l "$long" '{prompt: $p, chosen: "is here", rejected: $l}'
done >lengths.jsonl
alignx-score -q -m phi3-long.gguf --pairs lengths.jsonl >got
for i in 1 2; do
	alignx-score -q -m phi3-long.gguf --pairs --print tokens lengths.jsonl | sed -n ${i}p >row
	for side in chosen rejected; do
		jq -r ".prompt + .$side | map(tostring) | join(\" \")" row >text
		nll_of phi3-long.gguf text | head -n -1 | tail -n "$(jq ".$side | length" row)" | awk '{ s -= $1 } END { print s }' >sum
		check "row $i, $side: each text by its own length" near <(cat sum sum) <(sed -n ${i}p got | jq ".$side, .$side") 1e-4
	done
done
check 'the number of long texts is reported' says 'with its long RoPE factors: 3' alignx-score -m phi3-long.gguf --pairs lengths.jsonl
check '--describe says which factors are used' sh -c "alignx-score --describe phi3-long | grep -qx 'rope .*, longrope: short factors for texts of up to 64 tokens, long ones beyond'"

# config.json of Transformers 5
same() { # WHAT OF JQ JQ: two configs with the same losses
	rm -rf old new; cp -r "$2" old; cp -r "$2" new
	jq "$3" "$2/config.json" >old/config.json; jq "$4" "$2/config.json" >new/config.json
	nll old >want; nll new >got
	check "$1" sh -c "cmp want got && ! cmp -s want $2.folder"
}
flat='.rope_parameters = {rope_type: "default", rope_theta: .rope_theta} | del(.rope_theta)'
same 'rope_parameters: rope_theta' qwen2 '.rope_theta = 77' ".rope_theta = 77 | $flat"
same 'rope_parameters: partial_rotary_factor' qwen2 '.partial_rotary_factor = 0.5' "$flat | .rope_parameters.partial_rotary_factor = 0.5"
same 'rope_parameters by layer type: those of the layers that there are' qwen2 '.rope_theta = 77' \
    ".rope_theta = 77 | $flat | .rope_parameters = {full_attention: .rope_parameters, sliding_attention: {rope_type: \"default\", rope_theta: 5}}"
same 'layer_types: layers with a window' gemma2 '.sliding_window = 3' '.sliding_window = 3 | .layer_types = ["sliding_attention", "full_attention"]'
same 'layer_types are stronger than the architecture' gemma2 '.sliding_window = null' '.layer_types = ["full_attention", "full_attention"]'
same 'rope_parameters: scaling' llama-yarn '.rope_scaling.factor = 4' '.rope_parameters = (.rope_scaling + {rope_theta: .rope_theta, factor: 4}) | del(.rope_scaling, .rope_theta)'

# types and shards
for type in F16 BF16; do
	make llama-yarn $type/ 3 $type && make llama-yarn $type-3/ 3 $type 3
	nll $type >one
	check "$type losses are near those of F32" near llama-yarn.want one 0.05
	nll $type-3 >three
	check "$type: three shards give the same losses as one file" cmp one three
	make gpt2 gpt2-$type/ 3 $type && nll gpt2-$type >got
	check "$type: transposed tensors (GPT-2) give losses near those of F32" near gpt2.want got 0.05
done
# the folder's tokenizer
cat >rows.jsonl <<'END'
{"prompt":"the cat and the","chosen":"dog","rejected":"house is on the hill"}
{"prompt":"","chosen":"and\n  a tree \u00e9","rejected":"<s>"}
END
alignx-score -m qwen2.gguf --method plain rows.jsonl 2>/dev/null | jq -c "del(.key)" >want
alignx-score -m qwen2 --method plain rows.jsonl 2>/dev/null | jq -c "del(.key)" >got
check 'tokenizer.model of a folder gives the scores of the GGUF file' cmp want got
jq -n '{add_bos_token: true, bos_token: "<s>", eos_token: {content: "</s>"}}' >qwen2/tokenizer_config.json
alignx-score -m qwen2 --method plain rows.jsonl 2>/dev/null | jq -c "del(.key)" >got
check 'so does a tokenizer_config.json that names the same BOS and EOS' cmp want got
head -c 301 qwen2/tokenizer.model >cut.model; mkdir -p cut-model; cp qwen2/*.json qwen2/*.safetensors cut-model; mv cut.model cut-model/tokenizer.model
check 'a truncated tokenizer.model is reported' says 'not a SentencePiece model, or it is truncated' alignx-score -m cut-model rows.jsonl
rm qwen2/tokenizer_config.json
check '--describe lists the types of all tensors of a folder' sh -c "alignx-score --describe BF16-3 | grep -q '^BF16 .* 21 tensors'"
check '--describe says how much memory converted tensors take' sh -c "alignx-score --describe gpt2 | grep -q '^memory .* copied'"

# a config.json that does not fit, or is not supported
edit() { # NAME OF WANT JQ: a copy with another config.json
	rm -rf "$1"; cp -r "$2" "$1"; jq "$4" "$2/config.json" >"$1/config.json"
	check "config.json, $1: reported" says "$3" alignx-score --describe "$1"
}
edit unknown-class qwen2 'class XForCausalLM is not known; known are LlamaForCausalLM' '.architectures = ["XForCausalLM"]'
edit no-class qwen2 'expected the name of the model' 'del(.architectures)'
edit quantised qwen2 'quantised tensors in a folder are not supported' '.quantization_config = {"bits": 4}'
edit activation qwen2 'activation gelu is not that of qwen2' '.hidden_act = "gelu"'
edit width qwen2 'expected 64 x' '.hidden_size = 64'
edit no-width qwen2 'embedding_length is missing' 'del(.hidden_size)'
edit text-width qwen2 '/hidden_size: expected a natural number' '.hidden_size = "32"'
edit scaling qwen2 'scaling of type xyz is not' '.rope_scaling = {"type": "xyz", "factor": 2.0}'
edit factors phi3-long 'long_factor or short_factor is missing' 'del(.rope_scaling.long_factor)'
edit types qwen2 'layer_types: only full_attention and sliding_attention are supported' '.layer_types = ["linear_attention", "full_attention"]'
edit theta qwen2 'rope_theta: expected a number' '.rope_theta = "x"'
edit partial qwen2 'partial_rotary_factor: expected a number from 0 to 1' '.rope_parameters = {partial_rotary_factor: 2}'
edit two-ropes gemma2 'other settings for layers with a window' '.rope_parameters = {full_attention: {rope_theta: 100}, sliding_attention: {rope_theta: 10}}'
edit no-rope gemma2 'none for one of the types of layers' '.rope_parameters = {full_attention: {rope_theta: 100}}'
edit layers qwen2 'input_layernorm.weight of layer 2 is missing\|of layer 2 is missing' '.num_hidden_layers = 3'
edit untied gemma2 'lm_head.weight is missing' '.tie_word_embeddings = false'
edit post-norm bloom 'only false is supported' '.apply_residual_connection_post_layernorm = true'
break_it() { # NAME WANT PYTHON: a copy with another safetensors header
	rm -rf "$1"; cp -r qwen2 "$1"
	$PYTHON3 - "$1/model.safetensors" "$3" <<-'END'
		import json, struct, sys
		data = open(sys.argv[1], "rb").read()
		n, = struct.unpack("<Q", data[:8])
		h, data = json.loads(data[8:8 + n]), data[8 + n:]
		q = h["model.layers.0.self_attn.q_proj.weight"]
		exec(sys.argv[2])
		h = json.dumps(h).encode() if not isinstance(h, bytes) else h
		open(sys.argv[1], "wb").write(struct.pack("<Q", len(h)) + h + data)
	END
	check "safetensors, $1: reported" says "$2" alignx-score --describe "$1"
}
break_it overlap 'overlaps the tensor before' 'q["data_offsets"] = [x - 64 for x in q["data_offsets"]]'
break_it far 'run past the end' 'q["data_offsets"][1] = 1 << 60'
break_it backward 'run past the end' 'q["data_offsets"].reverse()'
break_it shape 'do not match' 'q["shape"] = [32, 31]'
break_it huge-shape 'too large\|up to 4 natural numbers' 'q["shape"] = [1 << 62, 1 << 62]'
break_it negative 'up to 4 natural numbers' 'q["shape"] = [-32, -32]'
break_it deep 'up to 4 natural numbers' 'q["shape"] = [1, 1, 1, 32, 32]'
break_it type 'has the type I32; F32, F16 and BF16 are supported' 'q["dtype"] = "I32"'
break_it strange-type 'has the type F4' 'q["dtype"] = "F4"'
break_it missing "tensor layers.*.self_attn.q_proj.weight of layer 0 is missing" 'h["model.layers.0.self_attn.rotary_emb.inv_freq"] = h.pop("model.layers.0.self_attn.q_proj.weight")'
break_it surplus 'lora_A.weight is not one of the architecture qwen2' 'h["model.layers.0.self_attn.lora_A.weight"] = h.pop("model.layers.0.self_attn.q_proj.weight")'
break_it tail 'belong to no tensor' 'data += b"12345678"'
break_it twice 'two tensors are named blk.0.attn_q.weight' 'h["layers.0.self_attn.q_proj.weight"] = h.pop("model.layers.1.self_attn.q_proj.weight")'
break_it no-map 'not a JSON map' 'h = b"[]"'
break_it cut-header 'byte' 'h = b"{\"a\":"'
for n in 0 7 8 100 5000 20000; do
	rm -rf cut; cp -r qwen2 cut; head -c $n qwen2/model.safetensors >cut/model.safetensors
	check "safetensors, truncated after $n bytes: refused" exits 2 alignx-score --describe cut
done
index() { # NAME WANT JQ
	rm -rf "$1"; cp -r BF16-3 "$1"; jq "$3" BF16-3/model.safetensors.index.json >"$1/model.safetensors.index.json"
	check "weight_map, $1: reported" says "$2" alignx-score --describe "$1"
}
index outside 'must be plain' '.weight_map["lm_head.weight"] = "../BF16/model.safetensors"'
index hidden 'must be plain' '.weight_map["lm_head.weight"] = ".hidden"'
index no-shard 'No such file' '.weight_map["lm_head.weight"] = "model-9.safetensors"'
index no-weights 'weight_map: expected a map' 'del(.weight_map)'
check 'a KV cache larger than memory is refused before it is allocated' says 'GB of memory are needed, .* lower --ctx-size' \
    alignx-score -m baichuan-13b -c 16777216 --tokens ids

# Baichuan 2 normalises the rows of its output matrix: their length does not matter
$PYTHON3 - <<'END'
import json, os, struct
data = open("baichuan-13b/model.safetensors", "rb").read()
n, = struct.unpack("<Q", data[:8])
head, data = json.loads(data[8:8 + n]), data[8 + n:]
config = json.load(open("baichuan-13b/config.json"))
config["num_hidden_layers"] = 2
def write(place, rows, longer):
    os.makedirs(place)
    out, at = {}, b""
    for name, e in head.items():
        if name[0] == "_" or (name.startswith("model.layers.") and int(name.split(".")[2]) > 1):
            continue
        a, b = e["data_offsets"]
        part, shape = data[a:b], e["shape"]
        if name in ("lm_head.weight", "model.embed_tokens.weight"):
            x = struct.unpack("<%df" % (len(part) // 4), part)
            if longer and name == "lm_head.weight":
                x = [v * 2 ** (i // shape[1] % 3) for i, v in enumerate(x)]
            part = struct.pack("<%df" % len(x), *x)
            part = (part * (rows // shape[0] + 1))[:rows * shape[1] * 4]
            shape = [rows, shape[1]]
        out[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(at), len(at) + len(part)]}
        at += part
    h = json.dumps(out).encode()
    open(place + "/model.safetensors", "wb").write(struct.pack("<Q", len(h)) + h + at)
    json.dump(config, open(place + "/config.json", "w"))
for rows in (125695, 125696):
    write("rows-%d" % rows, rows, False)
    write("longer-%d" % rows, rows, True)
END
for n in 125695 125696; do nll rows-$n >rows.$n; nll longer-$n >longer.$n; done
check 'Baichuan 2: longer output rows give the same losses' cmp rows.125696 longer.125696
check 'Baichuan 1: longer output rows give other losses' sh -c '! cmp -s rows.125695 longer.125695'
rm -rf rows-* longer-*
mkdir empty pickle; echo x >pickle/pytorch_model.bin
check 'a folder without tensors is reported' says 'must have model.safetensors' alignx-score --describe empty
check 'a folder with tensors in another format is reported' says 'must be converted' alignx-score --describe pickle
done_testing
