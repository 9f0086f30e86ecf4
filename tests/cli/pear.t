#!/bin/bash
# alignx-pear against path patching run by run and differences in float64, and itself.
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

# every family: effects against path patching, gradients against differences; sequences
# are of the first seed with which a random model's metric is above 0
for a in llama qwen2 qwen3 gemma2 phi3 gpt2 bloom mpt baichuan opt opt-350m; do
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
	check "$a: sequences one by one give the same bytes" cmp got few
done

# models that were trained to copy
fixtures=$srcdir/tests/pear
for a in llama qwen2 bloom gpt2; do
	m=$fixtures/$a.gguf
	jq ".[] | select(.family == \"$a\")" "$fixtures/gradients.json" >vector
	jq '.loss, .heads[].gradient' vector >want
	read -r seed n texts < <(jq -r '"\(.seed) \(.length) \(.texts)"' vector)
	"$probe" gradient "$m" $seed $n $texts 1000000000 vector >got
	check "$a: the gradient agrees with torch in float64" near want got
	pear learn "$m" --heads 12 --steps 60 --learning-rate 0.03 -N 5 --held-out 40 --eval-steps 100 -o $a.json
	check "$a: learning lowers the held-out loss" jq -e '.after.loss < .before.loss' $a.json
	check "$a: learning raises held-out copy accuracy" jq -e '.after.accuracy > .before.accuracy' $a.json
	# the head that helps most, and the other one of its group
	pear detect "$m" --seeds 1 >detected
	check "$a copies" jq -e '.clean.accuracy > 0.9' detected
	read -r layer head < <(jq -r '.heads[-1] | "\(.layer) \(.head)"' detected)
	$PYTHON3 "$fixtures/plant.py" "$m" $layer $head $((head ^ 1)) -0.6 planted.gguf
	pear detect planted.gguf -j 2 >detected
	check "$a: a planted head is ranked first" [ "$(jq -c '.heads[0] | [.layer, .head]' detected)" = "[$layer,$((head ^ 1))]" ]
	check "$a: ranks of different seeds correlate" jq -e '[.rank_correlation[][]] | min > 0.5' detected
	pear learn planted.gguf --heads 1 --steps 20 --held-out 5 -N 5 -o planted.json
	check "$a: the planted head gets a coefficient below 1" jq -e ".heads[0] | .layer == $layer and .head == $((head ^ 1)) and .coefficient < 0.95" planted.json
	check "$a: the loss falls with it" jq -e '.after.loss < .before.loss' planted.json
done
m=$fixtures/llama.gguf

# threads and memory change nothing, plain C nearly nothing
pear detect "$m" -N 6 -n 20 --seeds 2 -o one
pear detect "$m" -N 6 -n 20 --seeds 2 -j 3 --memory 1M -o three
check 'detect: threads and memory change nothing' cmp one three
pear detect "$m" -N 6 -n 20 --seeds 2 --no-simd -o plain
jq '.heads | sort_by(.layer, .head)[].effect' one >want; jq '.heads | sort_by(.layer, .head)[].effect' plain >got
check 'detect: plain C agrees' near want got
pear detect "$m" -N 4 -N 6 -n 20 -n 10 --seeds 2 -o four
check 'several settings are run in one' jq -e '[.runs[] | [.sequences, .length, .seed]] == [[4,20,42],[4,20,43],[6,10,42],[6,10,43]]' four
check 'the same seed gives the same run' cmp <(jq -c '.runs[2].clean' four) <(pear detect "$m" -N 6 -n 10 --seeds 1 | jq -c '.runs[0].clean')
check '--heatmap draws a cell for each head' sh -c "alignx-pear detect $m -N 4 -n 10 --heatmap map.svg >/dev/null && [ \$(grep -c '<title>layer' map.svg) -eq 12 ] && $PYTHON3 -c 'import xml.dom.minidom as x; x.parse(\"map.svg\")'"
check 'the heat map has a legend, axes and the model'"'"'s name' sh -c "grep -q '>copying llama<' map.svg && grep -q '>layer<' map.svg && grep -q '>head<' map.svg && grep -q '>suppresses copying<' map.svg"
check 'no two signs have the same colour' [ "$(grep '<title>layer' map.svg | sed 's/.*fill="#\(..\)..\(..\)".*: \([+-]\).*/\1 \2 \3/' | awk '{ if (($3 == "+") != ($1 >= $2)) print }' | wc -l)" = 0 ]
jq '{heads: [.heads[3, 1, 0, 2, 11, 10, 9, 8, 7, 6]]}' one >list.json
pear detect "$m" -N 6 -n 20 --seeds 2 --compare list.json >compared
check '--compare reports the overlap with a list' [ "$(jq -c '[.overlap[] | [.k, .common]]' compared)" = '[[5,4],[10,8]]' ]
jq '{ranked: 4, heads: [.heads[2,1,0,4,3,5,6,7,8,9]]}' list.json >unsure.json
check '--compare reports bounds where ranks are not known' [ "$(pear detect "$m" -N 6 -n 20 --seeds 2 --compare unsure.json | jq -c .overlap[0])" = '{"k":5,"common":3,"or_up_to":4}' ]
check 'the published list names forty heads' jq -e '.heads | length == 40 and (unique | length == 40) and all(.layer < 32 and .head < 32)' "$samples/llama-2-7b-chat.heads.json"

# a run that was stopped
learn() { pear learn "$m" --heads list.json -N 4 -n 20 --held-out 4 --eval-steps 3 "$@"; }
learn --steps 25 -o whole.json
learn --steps 25 -j 2 --memory 1M -o threads.json
check 'learn: threads and memory change nothing' cmp whole.json threads.json
learn --steps 8 --checkpoint state -o part.json
learn --steps 25 --checkpoint state --resume -o rest.json
check 'a run in two parts gives the same bytes' cmp whole.json rest.json
# the program itself is in the background, not a function around it: it is what is killed
alignx-pear learn "$m" --heads list.json -N 4 -n 20 --held-out 4 --eval-steps 3 --steps 100000 --checkpoint killed -o never.json & pid=$!
for _ in $(seq 1000); do [ -e killed ] && break; sleep 0.05; done
kill -9 $pid; wait $pid 2>/dev/null
check 'a killed run leaves no output' sh -c '! ls never.json* 2>/dev/null'
steps=$(jq .step killed)
learn --steps $((steps + 5)) --checkpoint killed --resume -o resumed.json
learn --steps $((steps + 5)) -o straight.json
check 'a killed run resumes to the same bytes' cmp resumed.json straight.json
check 'a checkpoint of another run is refused' says 'checkpoint of another run' learn --learning-rate 0.01 --checkpoint state --resume
check 'a checkpoint past --steps is refused' says 'past --steps 5' learn --steps 5 --checkpoint state --resume
head -c 200 state >cut.state; check 'a truncated checkpoint is refused' says 'cut.state: byte' learn --checkpoint cut.state --resume
echo '{"run":1}' >cut.state; check 'what is not a checkpoint is refused' says 'not a checkpoint' learn --checkpoint cut.state --resume
jq '.state[0][0] = "x"' state >cut.state; check 'a broken checkpoint is refused' says 'is broken' learn --checkpoint cut.state --resume
check 'the file of coefficients follows its schema' $PYTHON3 -c "
import json, jsonschema
jsonschema.validate(json.load(open('whole.json')), json.load(open('$srcdir/schema/coefficients.schema.json')))"
check 'progress has the losses' sh -c "alignx-pear learn $m --heads list.json -N 2 -n 10 --held-out 2 --steps 3 --progress always -o p.json 2>&1 | grep -q 'step .* of 3: loss .* held out: loss .*, copy accuracy'"

# one file for one model
ids=$(seq 20 50 | tr '\n' ' '); echo $ids $ids >ids
check 'alignx-score reads the file' alignx-score -m "$m" --pear whole.json --tokens ids
check 'alignx-score refuses it for another model' says 'made for another model: its fingerprint is xxh3-128:' alignx-score -m "$fixtures/gpt2.gguf" --pear whole.json --tokens ids
check 'apply refuses it for another model' says 'made for another model' pear apply "$fixtures/qwen2.gguf" -c whole.json -o no.gguf
check 'learn refuses a list for another model' says 'made for another model' pear learn planted.gguf --heads one

# folding
score() { alignx-score --precision f32 --tokens ids "$@" | tail -n 1; }
close() { awk -v a="$1" -v b="$2" -v r="$3" 'BEGIN { d = a - b; d = d < 0 ? -d : d; print a, b; exit !(a > 0 && d <= r * a) }'; }
echo '{"heads":[{"layer":0,"head":1,"coefficient":1},{"layer":1,"head":3,"coefficient":1.0}]}' >ones.json
for a in llama qwen2 bloom gpt2; do
	f=$fixtures/$a.gguf
	pear apply "$f" -c ones.json -o same.gguf
	check "$a: coefficients of 1 give the same file" cmp "$f" same.gguf
	jq 'del(.fingerprint)' whole.json >any.json
	pear apply "$f" -c any.json -o folded.gguf
	check "$a: folded and run-time coefficients agree" close "$(score -m "$f" --pear any.json)" "$(score -m folded.gguf)" 1e-5
	check "$a: coefficients change the file" sh -c "! cmp -s $f folded.gguf"
	check "$a: a folded model is another model" sh -c "alignx-pear learn $f --heads ones.json --steps 0 -o own.json && ! alignx-score -m folded.gguf --pear own.json --tokens ids 2>/dev/null"
done
echo '{"heads":[{"layer":0,"head":1,"coefficient":0.7},{"layer":1,"head":2,"coefficient":-1.3},{"layer":1,"head":3,"coefficient":0}]}' >by.json
for type in F16 BF16 Q8_0 Q4_0 Q4_1 Q5_0 Q5_1 Q4_K Q5_K Q6_K; do
	"$builddir/bench/make_model" t.gguf $type 2 256 4 2 256 64
	pear apply t.gguf -c ones.json -o same.gguf
	check "$type: coefficients of 1 give the same file" cmp t.gguf same.gguf
	runtime=$(score -m t.gguf --pear by.json)
	pear apply t.gguf -c by.json -o folded.gguf
	# super-blocks of 256 hold four heads of 64: these matrices become F32
	case $type in
	*_K) check "$type: matrices that cannot keep their type become F32" [ "$(stat -c %s folded.gguf)" -gt "$(stat -c %s t.gguf)" ]; within=1e-5 ;;
	*) check "$type: the file keeps its size" [ "$(stat -c %s folded.gguf)" -eq "$(stat -c %s t.gguf)" ]; within=1e-3 ;;
	esac
	check "$type: the folded model agrees within its rounding" close "$runtime" "$(score -m folded.gguf)" $within
	pear apply t.gguf -c by.json --exact -o exact.gguf
	check "$type: --exact agrees" close "$runtime" "$(score -m exact.gguf)" 1e-5
done

# Hugging Face folders
$PYTHON3 "$oracle/make_model.py" gpt2 gpt2/ 3
for s in 1 2 3 4 5 6 7 8 9; do pear detect gpt2.gguf -n 4 -N 3 --seeds 1 -s $s 2>/dev/null | jq '.heads | sort_by(.layer, .head)[].effect' >want; [ -s want ] && break; done
pear detect gpt2 -n 4 -N 3 --seeds 1 -s $s | jq '.heads | sort_by(.layer, .head)[].effect' >got
check 'detect reads a folder' near want got
check 'apply does not write a folder' says 'folded into GGUF files' pear apply gpt2 -c by.json -o no.gguf

check 'older spellings of options are accepted' cmp <(pear learn "$m" --heads list.json -N 2 -n 10 --steps 2 --held-out 2 --learning-rate 0.01 --warmup-steps 1 --decay-steps 9 --max-grad-norm 2 --eval-steps 1) <(pear learn "$m" --heads list.json -N 2 -n 10 --steps 2 --held-out 2 --rate 0.01 --warm-up 1 --decay 9 --clip 2 --evaluate 1)

# what shells complete: commands, then the options of the one that was chosen
alignx-pear --print-completion=bash >completion; . ./completion
completed() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); COMPREPLY=(); _alignx_pear; echo "${COMPREPLY[*]}"; }
check 'bash: commands' [ "$(completed alignx-pear '')" = 'detect learn apply --help -h --version -V' ]
check 'bash: a command that is begun' [ "$(completed alignx-pear le)" = learn ]
check 'bash: options of detect' [ "$(completed alignx-pear detect --se)" = '--seeds --sequences --seed' ]
check 'bash: options of learn' [ "$(completed alignx-pear learn --se)" = '--sequences --seed' ]
check 'bash: options of apply' [ "$(completed alignx-pear apply --)" = '--coefficients --exact --output --help --version' ]
check 'bash: words that an option takes' [ "$(completed alignx-pear learn --progress n)" = never ]
check 'bash: a model' [ "$(completed alignx-pear detect planted.g)" = planted.gguf ]
if command -v fish >/dev/null; then
	alignx-pear --print-completion=fish >completion.fish
	fished() { fish --no-config -c "source completion.fish; complete -C '$1'" | cut -f1 | tr '\n' ' '; }
	check 'fish: commands' [ "$(HOME=$tmp fished 'alignx-pear ')" = 'apply detect learn ' ]
	check 'fish: options of detect' [ "$(HOME=$tmp fished 'alignx-pear detect --se')" = '--seed --seeds --sequences ' ]
	check 'fish: options of learn' [ "$(HOME=$tmp fished 'alignx-pear learn --se')" = '--seed --sequences ' ]
else skip 'fish' 'there is none here'; fi

# errors
full() { (trap '' XFSZ; ulimit -f 64; pear apply "$m" -c whole.json -o full.gguf); }
check 'apply on a full disk is refused' says 'File too large' full
check 'apply on a full disk leaves no file' sh -c '! ls full.gguf* 2>/dev/null'
check 'apply on /dev/full is refused' exits 2 pear apply "$m" -c whole.json -o /dev/full
check 'detect refuses a model that does not copy' says 'does not copy: copy accuracy 0' pear detect t.gguf
check 'sequences longer than the context are refused' says 'longer than the model.s context of 128; use --length 64 or less' pear detect "$m" -n 65
check 'a missing command is reported' says 'expected a command: detect, learn or apply' pear
check 'an unknown command is reported' says 'find is not a command' pear find "$m"
check 'a missing model is reported' says 'expected one model, found 0' pear detect
check 'an option of another command is refused' says 'try alignx-pear detect --help' pear detect "$m" --heads 3
check 'a length that is not a number is refused' says '--length wants a whole number from 2' pear detect "$m" -n 1x
check 'learn without --heads is refused' says '--heads must be a number' pear learn "$m"
check 'more heads than the model has are refused' says 'the model has 12 heads' pear learn "$m" --heads 13
bad() { printf '%s' "$2" >bad.json; check "$1" says "$3" pear learn "$m" --heads bad.json; }
bad 'a head outside the model' '{"heads":[{"layer":3,"head":0}]}' 'bad.json: /heads/0: the model has layers 0 to 2'
bad 'a head twice' '{"heads":[{"layer":1,"head":0},{"layer":1,"head":0}]}' '/heads/1: this head is listed twice'
bad 'a list that is cut' '{"heads":[{"layer":1,' 'bad.json: byte'
bad 'no list' '[1]' 'a list "heads"'
bad 'an empty list' '{"heads":[]}' 'it lists no heads'
bad 'brackets without end' "$(printf '[%.0s' $(seq 5000))" 'bad.json: byte'
by() { printf '%s' "$2" >bad.json; check "$1" says "$3" pear apply "$m" -c bad.json -o no.gguf; }
by 'no coefficient' '{"heads":[{"layer":1,"head":0}]}' '/heads/0: the coefficient is missing'
by 'NaN' '{"heads":[{"layer":1,"head":0,"coefficient":NaN}]}' 'bad.json: byte'
by 'a coefficient out of range' '{"heads":[{"layer":1,"head":0,"coefficient":1e30}]}' 'finite number below a million'
by 'a text' '{"heads":[{"layer":1,"head":0,"coefficient":"1"}]}' 'finite number below a million'
head -c 1000 whole.json >cut.json
check 'a truncated file of coefficients is refused' says 'cut.json: byte' pear apply "$m" -c cut.json -o no.gguf
check 'a model without a tensor it needs' says 'attn_output.weight is missing' sh -c "sed 's/blk.1.attn_output.weight/blk.1.attn_autput.weight/' $m >other.gguf; alignx-pear detect other.gguf"
head -c 100000 "$m" >cut.gguf
check 'a truncated model is refused' exits 2 pear detect cut.gguf
check 'refused runs write no file' sh -c '! ls no.gguf* 2>/dev/null'
done_testing
