#!/bin/bash
# alignx-score against a second engine in float64, values of other engines, and itself.
. "${srcdir:-.}/tests/lib.sh"
cd "$tmp" || exit 99
oracle=$srcdir/tests/oracle
score() { alignx-score "$@"; }
near() { # FILE FILE [RELATIVE]: numbers line by line
	paste "$1" "$2" | awk -v r="${3:-2e-6}" 'function abs(x) { return x < 0 ? -x : x }
	    NF != 2 || abs($1 - $2) > r * (1 + abs($1)) { print NR ": " $0; bad = 1 } END { exit bad || NR < 2 }'
}

# every architecture against formulas in float64
ids=$(awk 'BEGIN { srand(7); for (i = 0; i < 24; i++) printf "%d ", rand() * 289 }')
echo "$ids" >ids
for a in llama qwen2 qwen3 gemma2 phi3 gpt2 bloom mpt baichuan; do
	$PYTHON3 "$oracle/make_model.py" $a $a.gguf 3 && $PYTHON3 "$oracle/reference.py" $a.gguf ids >$a.want
	score -m $a.gguf --tokens ids >$a.got
	check "$a agrees with float64" near $a.want $a.got
	score -m $a.gguf --no-simd -b 5 -j 3 --tokens ids >$a.plain
	check "$a in plain C, small batches, three threads" near $a.want $a.plain
done
score -m llama.gguf -j 3 --tokens ids >threads
check 'the number of threads does not change a byte' cmp llama.got threads
score -m llama.gguf -b 7 --tokens ids >batches
check 'the batch size does not change a byte' cmp llama.got batches

for level in avx2 avx512 vnni bf16 amx; do
	ALIGNX_LEVEL=$level score -m llama.gguf --tokens ids >level
	check "ALIGNX_LEVEL=$level does not change a byte" cmp llama.got level
done
ALIGNX_LEVEL=plain score -m llama.gguf --tokens ids >level
check 'ALIGNX_LEVEL=plain agrees with float64' near llama.want level
for program in 'alignx-score -m llama.gguf --tokens ids' 'alignx-pear detect llama.gguf' 'alignx-map -a llama.gguf ids'; do
	check "${program%% *}: an unknown ALIGNX_LEVEL is refused with those that there are" \
	    says "ALIGNX_LEVEL wants one of plain|avx2|avx512|vnni|bf16|amx, not 'foo'" env ALIGNX_LEVEL=foo $program
	check "${program%% *}: and with 2" exits 2 env ALIGNX_LEVEL=foo $program
done
check 'an empty ALIGNX_LEVEL is none' exits 0 env ALIGNX_LEVEL= alignx-score -m llama.gguf --tokens ids
for p in bf16 int8 amx; do
	score -m llama.gguf --precision $p --tokens ids >coarse
	check "--precision $p is close to float64" near llama.want coarse 3e-2
	check "--precision $p differs from f32" sh -c '! cmp -s llama.got coarse'
	ALIGNX_LEVEL=avx2 score -m llama.gguf --precision $p -b 5 -j 3 --tokens ids >level
	check "--precision $p: CPU level, batches and threads do not change a byte" cmp coarse level
done

for a in qwen2 qwen3 gemma2 phi3 gpt2 bloom mpt baichuan; do
	score -m $a.gguf --precision amx --tokens ids >coarse
	check "$a: --precision amx is close to float64" near $a.want coarse 6e-2
	ALIGNX_LEVEL=plain score -m $a.gguf --precision amx -b 7 --tokens ids >level
	check "$a: --precision amx is the same in plain C" cmp coarse level
done

# coefficients of heads
echo '{"heads":[{"layer":0,"head":1,"coefficient":0.25},{"layer":1,"head":3,"coefficient":-1.5}],"more":1}' >pear.json
for a in llama bloom gpt2; do
	$PYTHON3 "$oracle/reference.py" $a.gguf ids '[[1,0.25,1,1],[1,1,1,-1.5]]' >want
	score -m $a.gguf --pear pear.json --tokens ids >got
	check "$a with coefficients agrees with float64" near want got
	check "$a: coefficients change the scores" sh -c "! cmp -s got $a.got"
done
echo '{"heads":[{"layer":1,"head":2,"coefficient":1}]}' >ones.json
score -m llama.gguf --pear ones.json --tokens ids >got
check 'coefficients of 1 change nothing' cmp got llama.got
wrong() { echo "$2" >wrong.json; check "$1" says "$3" score -m llama.gguf --pear wrong.json --tokens ids; }
wrong 'a head outside the model is refused' '{"heads":[{"layer":2,"head":0,"coefficient":1}]}' '/heads/0: the model has layers 0 to 1'
wrong 'a coefficient that is not a number is refused' '{"heads":[{"layer":0,"head":0,"coefficient":"x"}]}' '/heads/0/coefficient: expected a finite'
wrong 'a head listed twice is refused' '{"heads":[{"layer":0,"head":0,"coefficient":1},{"layer":0,"head":0,"coefficient":1}]}' 'listed twice'
wrong 'a file without heads is refused' '{}' 'a list "heads"'
wrong 'a truncated file is refused' '{"heads":[' 'byte'

# files that are not models
echo "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\"}" >rows.jsonl
check 'without --model it says so' says '--model must name' score rows.jsonl
for n in 0 3 24 100 5000 20000 100000; do
	head -c $n llama.gguf >cut.gguf
	check "a model truncated after $n bytes is refused" exits 2 score -m cut.gguf rows.jsonl
done
echo 1 2 999 >far; echo 1 x >letters
check 'an id outside the vocabulary is refused' says 'token 2 is 999' score -m llama.gguf --tokens far
check 'what is not an id is refused' says 'expected a token id' score -m llama.gguf --tokens letters
check 'an unknown architecture is refused' says 'architecture lxama is not known; known are llama' sh -c "sed 's/llama/lxama/g' llama.gguf >other.gguf; alignx-score --describe other.gguf"
check 'a missing tensor is named' says 'tensor blk.1.ffn_down.weight is missing' sh -c "sed 's/blk.1.ffn_down.weight/blk.1.ffn_dawn.weight/' llama.gguf >other.gguf; alignx-score --describe other.gguf"
check 'a folder without a model is refused' exits 2 score -m "$tmp" rows.jsonl

# other engines' values
models=${ALIGNX_REALDATA:+$ALIGNX_REALDATA/models}
if [ -n "$models" ]; then
	for m in "$models"/arch/*.gguf "$models"/types/*.gguf "$models"/stories260K/*.gguf; do
		score -m "$m" --precision f32 --tokens "${m%.gguf}.ids" | tail -1 >got
		cat got got >two; cat "${m%.gguf}.nll" "${m%.gguf}.nll" >want
		check "$(basename "$m") agrees with another engine" near want two 1e-4
	done
	story=$models/stories260K
	score -m "$story/stories260K-f32.gguf" --method plain --eos none "$story/pairs.jsonl" | jq '.chosen, .rejected' >got
	check 'scores of pairs agree with another engine' near <(jq '.logp_chosen, .logp_rejected' "$story/pairs.jsonl") got 1e-3
	for v in "$models"/vocab/*.gguf; do
		"$builddir/tests/tools/tokenize" "$v" __ggml_vocab_test__ <"$v.inp" >got
		check "$(basename "$v"): ids as published, and every text comes back" cmp <(sed 's/^ *//; s/ *$//' "$v.out") <(sed '$d' got)
	done
else
	skip 'models and vocabularies of other engines' 'ALIGNX_REALDATA is not set'
fi
ids_with() { alignx-score -m llama.gguf --tokens ids "$@" | sha256sum; }
check 'as many threads as processors, and the same scores' [ "$(ids_with)" = "$(ids_with -j 1)" ]
check 'nproc of them' sh -c "taskset -c 0 alignx-score -m llama.gguf --tokens ids >one && alignx-score -m llama.gguf --tokens ids | cmp - one"
done_testing
