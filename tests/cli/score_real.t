#!/bin/bash
# alignx-score with a small model that was really trained, on released test rows.
. "${srcdir:-.}/tests/lib.sh"
cd "$tmp" || exit 99
if [ -z "$ALIGNX_REALDATA" ]; then
	skip 'a trained model' 'ALIGNX_REALDATA is not set'
	done_testing
	exit 0
fi
model=$ALIGNX_REALDATA/models/stories260K/stories260K-f32.gguf
soups=$ALIGNX_REALDATA/alignx/p-soups-student_phd.json
score() { alignx-score -q -m "$model" "$@"; }

# what it was trained on is likely, the same words in another order are not
story='Once upon a time, there was a little girl named Lily. She loved to play outside in the park. One day, she saw a big red ball. She wanted to play with it, but it was too high.'
nats() { jq -nc --arg t "$1" '{prompt: "", chosen: $t, rejected: $t}' | score --pairs --eos none | jq '-.chosen / .tokens[1]'; }
check 'a story it was trained on: less than 0.5 nats a token' jq -en "$(nats "$story") < 0.5"
check 'the same words sorted: more than 6 nats a token' jq -en "$(nats "$(echo "$story" | tr ' ' '\n' | sort | xargs)") > 6"

# greedy decoding
answer() { jq -nc --arg t "$1" '{prompt: $t, chosen: "", rejected: ""}' | score --pairs --generate "$2" | jq -r .generated; }
check '--generate continues a story' [ "$(answer 'Once upon a time, there was a little' 60 | head -c 35)" = ' girl named Lily. She loved to play' ]
check '--generate stops where the KV cache is full' [ "$(jq -nc '{prompt: "Once", chosen: "", rejected: ""}' | score --pairs --generate 500 -c 40 | jq '.tokens | add')" -le 41 ]

# coarser products: few verdicts flip, and only where the margin is within the error
for p in f32 bf16 int8 amx; do
	score --precision $p --pairs --truncate 60 "$soups" >$p
done
# within PRECISION ERROR: margins by at most ERROR times the root of the tokens
within() { paste -d'\n' f32 "$1" | jq -es --argjson e "$2" '
	[. as $r | range(0; length; 2) | {a: $r[.], b: $r[. + 1]}
	    | .bound = $e * ((.a.tokens[1] + .a.tokens[2]) | sqrt)] as $all
	| ([$all[] | select(.a.prefers != .b.prefers)] | length) as $flips
	| ($all | all((.a.margin - .b.margin | fabs) <= .bound)) and $flips < ($all | length) / 100'; }
check 'bf16: margins within 0.12 a root of tokens, less than 1 % of verdicts flip' within bf16 0.12
check 'int8: within 0.4, less than 1 %' within int8 0.4
check 'amx: within 0.12, less than 1 %' within amx 0.12
check 'bf16 and int8 differ from f32' sh -c '! cmp -s f32 bf16 && ! cmp -s f32 int8'

# rows as released, asked in AlignX's words with and without the history
jq -c '.[:12][]' "$soups" >rows
score --truncate 300 --reference same-without-persona -j 2 -c 1000 --stats stats rows >asked
check 'released rows are scored with and without the history' [ "$(jq -c '[.persona, .tokens[0] > .reference.tokens[0]]' asked | sort | uniq -c | xargs)" = '12 [pair,true]' ]
check 'shared prefixes are evaluated once' jq -e '.counts | ."tokens-through-model" < .tokens * 0.8' stats
check 'each row scores the same alone' cmp <(while read -r row; do echo "$row" | score --truncate 300 --reference same-without-persona; done <rows | jq -c 'del(.row)') <(jq -c 'del(.row)' asked)
done_testing
