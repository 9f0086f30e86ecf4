#!/bin/bash
# alignx-score evaluates shared prefixes once, in any order and with any KV cache; and nothing
# is scored twice after a kill.
. "${srcdir:-.}/tests/lib.sh"
cd "$tmp" || exit 99
model=$samples/tiny-llama.gguf
score() { alignx-score -q -m "$model" --pairs "$@"; }
taken() { jq '.counts."tokens-through-model"' "$1"; }

# two persons with ten pairs each, in turn; some answers are the same
$PYTHON3 - <<'END'
import json, random
r = random.Random(3)
person = ["".join(r.choice("etaoinshr ") for _ in range(140)) for _ in range(2)]
with open("persons", "w") as out:
    for i in range(10):
        for p in person:
            print(json.dumps({"prompt": p + " q%d" % i, "chosen": "yes %d" % i, "rejected": "yes, no"}), file=out)
# 90 questions with three answers each, two in a row
with open("questions", "w") as out:
    for i in range(90):
        for answer in "bc":
            print(json.dumps({"prompt": person[0] + str(i), "chosen": "a", "rejected": answer}), file=out)
# texts that are the beginning of others, responses that go on in a prompt, empty ones
with open("tangled", "w") as out:
    for i in range(120):
        a, b, c = (r.randint(0, n) for n in (30, 6, 6))
        k = r.randint(0, 1)
        print(json.dumps({"prompt": person[k][:a], "chosen": person[k][a:a + b], "rejected": person[1 - k][:c]}), file=out)
END
# distinct beginnings of texts are what a trie of them has
trie() { score --print tokens "$@" | $PYTHON3 -c '
import json, sys
seen = set()
for line in sys.stdin:
    r = json.loads(line)
    for x in "chosen", "rejected":
        text = tuple(r["prompt"] + r[x])
        seen.update(text[:n] for n in range(1, len(text) + 1))
print(len(seen))'; }
for rows in persons questions tangled; do
	score --stats stats $rows >all
	check "$rows: each shared prefix is evaluated once" [ "$(taken stats)" = "$(trie $rows)" ]
	for size in 200 333; do
		score -c $size -b 16 -j 2 --stats stats $rows >few
		check "$rows: with --ctx-size $size too" [ "$(taken stats)" = "$(trie $rows)" ]
		check "$rows: --ctx-size $size does not change the scores" cmp all few
	done
	check "$rows: ids on disk do not change the scores" cmp all <(score --memory 1000 --stats stats $rows)
	while read -r row; do echo "$row" | score; done <$rows | jq -c 'del(.row)' >alone
	check "$rows: each row scores the same alone" cmp <(jq -c 'del(.row)' all) alone
	check "$rows: --joint, each shared prefix once" [ "$(score --joint -c 250 --stats stats $rows >few; taken stats)" = "$(trie --joint $rows)" ]
done
score --joint tangled | jq -c 'del(.row)' >all
while read -r row; do echo "$row" | score --joint; done <tangled | jq -c 'del(.row)' >alone
check '--joint: each row scores the same alone' cmp all alone
score --stats stats persons >all
check 'ten pairs of two persons: few more tokens than their prompts' [ "$(taken stats)" -lt 700 ]
check 'ten pairs of two persons: less than a quarter of the tokens' jq -e '.counts | .tokens > 4 * ."tokens-through-model"' stats
score --stats stats questions >all
check '90 questions with three answers: less than a 25th of the tokens' jq -e '.counts.tokens > 25 * .counts."tokens-through-model"' stats

# results come in order and early
mkfifo pipe; score -c 170 -b 8 --progress always persons 2>progress >pipe & cat pipe >piped; wait
check 'rows come in the order of the input' [ "$(jq .row piped | paste -sd' ')" = "$(seq -s' ' 20)" ]
check 'progress has tokens, rate and time left' grep -q 'of 5[0-9]* tokens, [0-9]* tokens/s, [0-9]* %, [0-9]* s left' progress

# memory: what is kept of a row, not its texts
peak() { $PYTHON3 -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' alignx-score -q -m "$model" --pairs -o /dev/null -c 1000 --memory 100K "$@"; }
$PYTHON3 -c '
for i in range(40000): print("{\"prompt\":\"%d %s\",\"chosen\":\"a\",\"rejected\":\"b\"}" % (i // 400, "tea " * 40))' >wide
head -4000 wide >narrow
if grep -q '^SAN = -f' "$builddir/Makefile" 2>/dev/null; then
	skip 'memory of a row' 'sanitizers keep what was freed'
else
	small=$(peak narrow) large=$(peak wide)
	echo "# KiB: $small for 4000 rows, $large for 40000"
	check 'a row takes less than 300 bytes of memory' [ $((large - small)) -lt $((36000 * 300 / 1024)) ]
fi

# after a kill
for i in $(seq 60); do sed "s/q\([0-9]\)/q\1 $i/" persons; done | head -800 >long
score -o whole long
kill_after() { # LINES OUTPUT OPTIONS...: a run that is killed when it has saved LINES lines
	lines=$1 out=$2; shift 2
	score -c 200 -b 4 --no-simd -o "$out" "$@" & pid=$!
	while [ "$(wc -l <"$out.part" 2>/dev/null || echo 0)" -lt "$lines" ] && kill -0 $pid; do sleep 0.02; done
	kill -9 $pid; wait $pid 2>/dev/null
	[ -s "$out.part" ] && [ ! -e "$out" ]
}
score -c 200 -b 4 --no-simd -o slow long
check 'a killed run leaves scores in FILE.part' kill_after 30 cut long
check 'so does one that is resumed and killed' kill_after 300 cut long
kept=$(wc -l <cut.part); printf '{"key":"0123' >>cut.part
score -c 200 -b 4 --no-simd -o cut --resume --stats stats long
check 'a resumed run writes the same bytes' cmp slow cut
score -o slow --stats once -c 200 -b 4 --no-simd long
check "the $kept saved lines were not scored again" [ "$(($(taken stats) * 800))" -lt "$(($(taken once) * (800 - kept + 100)))" ]
check 'FILE.part is removed' [ "$(ls cut.part slow.part 2>/dev/null)" = '' ]
head -300 whole >half; printf '{"row":301,' >>half
score -o half --resume --stats stats long
check '--resume completes a truncated output' cmp half whole
check '--resume scores only the missing rows' [ "$(taken stats)" -lt "$(($(taken once) * 3 / 4))" ]
sed 's/"chosen":-[0-9.]*/"chosen":-1.0/' whole >lie
$PYTHON3 "$srcdir/tests/oracle/make_model.py" llama other.gguf 9
alignx-score -q -m other.gguf --pairs persons >want
alignx-score -q -m other.gguf --pairs -o lie --resume persons
check '--resume does not use scores of another model' cmp want lie
# one number of one matrix, nowhere near its ends or its middle
$PYTHON3 -c '
import sys
b = bytearray(open(sys.argv[1], "rb").read()); b[-1002] ^= 64; open("near.gguf", "wb").write(b)' "$model"
alignx-score -q -m near.gguf --pairs persons >want
sed 's/"chosen":-[0-9.]*/"chosen":-1.0/' whole >lie
alignx-score -q -m near.gguf --pairs -o lie --resume persons
check '--resume does not use scores of a model with one other weight' cmp want lie
sed 's/prompt":"/&x/' persons >changed; score changed >want; cp whole now; score -o now --resume changed
check '--resume does not use scores of changed rows' cmp want now
score --reference other.gguf -o ref long
head -100 ref >cutref; score --reference other.gguf -o cutref --resume long
check '--resume uses scores of references' cmp ref cutref
check '--resume without -o is refused' says 'name it with -o' score --resume long
check 'a device gets no FILE.part' sh -c "alignx-score -q -m $model --pairs -o /dev/null persons && [ ! -e /dev/null.part ]"
done_testing
