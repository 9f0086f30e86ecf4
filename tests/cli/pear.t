#!/bin/bash
# alignx-pear beside path patching run by run and differences in float64, and itself.
. "${srcdir:-.}/tests/lib.sh"
cd "$tmp" || exit 99
oracle=$srcdir/tests/oracle
probe=$builddir/tests/tools/pear
pear() { alignx-pear "$@"; }
# near FILE FILE: numbers line by line, relative to the largest of the first file
near() {
	paste "$1" "$2" | awk 'function abs(x) { return x < 0 ? -x : x }
	    { d = abs($1 - $2); worst = d > worst ? d : worst; most = abs($1) > most ? abs($1) : most }
	    NF != 2 { bad = 1 } END { print "worst " worst " of " most; exit bad || NR < 5 || !(worst <= 1e-5 * most) }'
}

# every family: effects against passes A to D, gradients against differences; texts
# are of the first seed with which a random model's metric is above 0
for a in llama qwen2 qwen3 gemma2 phi3 gpt2 bloom mpt baichuan; do
	$PYTHON3 "$oracle/make_model.py" $a $a.gguf 3
	for seed in 1 2 3 4 5 6 7 8 9; do
		pear detect $a.gguf -n 4 -N 3 --seeds 1 -s $seed >detected 2>refused && break
	done
	"$probe" draw $a.gguf $seed 4 3 >ids
	$PYTHON3 "$oracle/pear.py" effects $a.gguf ids >want
	jq '.clean.metric, (.heads | sort_by(.layer, .head)[].change)' detected >got
	check "$a: effects agree with path patching, run by run" near want got
	"$probe" draw $a.gguf 5 4 2 >ids
	$PYTHON3 "$oracle/pear.py" gradient $a.gguf ids '[[0.5,1,1.5,1],[1,-0.5,1,2]]' >want
	jq -n '[[0.5,1,1.5,1],[1,-0.5,1,2]] | {heads: [to_entries[] | .key as $l | .value | to_entries[] | {layer: $l, head: .key, coefficient: .value}]}' >by.json
	"$probe" gradient $a.gguf 5 4 2 1000000000 by.json >got
	check "$a: the gradient agrees with differences in float64" near want got
	"$probe" gradient $a.gguf 5 4 2 1 by.json >few
	check "$a: and is the same bytes, text by text" cmp got few
done
done_testing
