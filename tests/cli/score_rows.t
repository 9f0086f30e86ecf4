#!/bin/bash
# alignx-score on rows: input forms, prompts, references, accuracies.
. "${srcdir:-.}/tests/lib.sh"
cd "$tmp" || exit 99
cp "$samples/tiny-llama.gguf" llama.gguf
score() { alignx-score -q "$@"; }

# rows
cat >rows.jsonl <<'END'
{"prompt":"the cat and the","chosen":"dog","rejected":"house is on the hill"}
{"prompt":"the cat and the","chosen":"a thing","rejected":"dog"}
{"prompt":"the cat","chosen":"is here","rejected":""}
{"prompt":"","chosen":"and","rejected":"<s>"}
{"prompt":"the cat and the","chosen":"same","rejected":"same"}
END
score -m llama.gguf --method plain rows.jsonl >rows
check 'one line for each row, in order' [ "$(jq -c .row rows | tr -d '\n')" = 12345 ]
score -m llama.gguf --method plain -c 80 -b 3 -j 2 rows.jsonl >few
check 'a small KV cache, small batches and threads change nothing' cmp rows few
for i in 1 2 3 4 5; do sed -n ${i}p rows.jsonl | score -m llama.gguf --method plain >>alone; done
check 'a row scores the same alone' cmp <(jq -c 'del(.row)' rows) <(jq -c 'del(.row)' alone)
check 'control tokens in what people wrote are plain text' [ "$(jq -c 'select(.row == 4) | .tokens[2]' rows)" = 5 ]
check 'equal responses are counted as a tie' sh -c "alignx-score -m llama.gguf --method plain --summary rows.jsonl | grep -q '^all	all	5	[0-9]	1	'"
check 'a tie counts as wrong' sh -c "sed -n 5p rows.jsonl | alignx-score -q -m llama.gguf --pairs --summary | grep -q '^all	all	1	0	1	'"
tokens() { jq -s 'map(.tokens[1:] | add) | add'; }
check '--eos none drops one token of each response, and refuses a row without any' [ "$(score -m llama.gguf --method plain --eos none rows.jsonl | tokens)" = "$(($(jq 'select(.row != 3)' rows | tokens) - 8))" ]
check '--bos never drops one token of the prompt' [ "$(score -m llama.gguf --method plain --bos never rows.jsonl | jq .tokens[0] | head -1)" = "$(($(jq .tokens[0] rows | head -1) - 1))" ]

# a row's score is that of its ids
ids_of() { printf '%s' "$1" | "$builddir/tests/tools/tokenize" llama.gguf; }
sum() { # PROMPT RESPONSE
	{ echo 1; ids_of "$1"; ids_of "$2"; echo 2; } >one; n=$(($(ids_of "$2" | wc -w) + 1))
	score -m llama.gguf --tokens one | sed '$d' | tail -n $n | awk '{ s -= $1 } END { printf "%.4f\n", s }'
}
check 'a score is the sum over the response tokens and EOS' [ "$(sum 'the cat and the' dog)" = "$(jq -r 'select(.row == 1) | .chosen' rows | awk '{ printf "%.4f\n", $1 }')" ]

# methods and templates
check 'no input is no error' [ "$(score -m llama.gguf </dev/null; echo $?)" = 0 ]
$PYTHON3 - >record.json <<'END'
import json
d = [0.5] * 90; d[2] = 1
print(json.dumps({"prompt": "P", "chosen": "C", "rejected": "R", "Preference Direction": d, "Demographic Information": "DEMO",
    "User-Generated Content": [{"prompt": "UP", "comment": "UC", "Preference Direction": d}],
    "Pair-wise Comparative Feedback": [{"prompt": "FP", "chosen": "FC", "rejected": "FR", "Preference Direction": d}]}))
END
for m in ica pba few-shot plain; do
	check "--method $m" sh -c "alignx-score -m llama.gguf --truncate 100 --method $m record.json | jq -e '.persona == \"ugc+pair+demo\"'"
done
check '--method direction: the margin is twice the agreement' [ "$(score --method direction record.json | jq -c '[.margin, .prefers]')" = '[2,"chosen"]' ]
check '--method direction: a row without a direction is refused' says 'no Preference Direction' sh -c "echo '{\"prompt\":\"\",\"chosen\":\"\",\"rejected\":\"\",\"profile\":\"Older\"}' | alignx-score --method direction"
check 'ica and few-shot have the same prompt' cmp <(score -m llama.gguf --truncate 100 --method ica record.json) <(score -m llama.gguf --truncate 100 --method few-shot record.json)
check '--truncate cuts the prompt to n tokens and BOS' [ "$(score -m llama.gguf --truncate 100 record.json | jq .tokens[0])" = 101 ]
check '--truncate keeps the last ids' [ "$(score -m llama.gguf --truncate 20 --print tokens record.json | jq -c '.prompt[1:]')" = "$(score -m llama.gguf --print tokens record.json | jq -c '.prompt[-20:]')" ]
check 'a row that is too long is refused, with its lengths and a --truncate that fits' says 'the prompt has [0-9]* tokens and the longest response [23], but --ctx-size is 100; use --truncate 49$' alignx-score -m llama.gguf -c 100 record.json
check '--method pba without a profile is refused' says 'neither a profile nor a history' sh -c "head -1 rows.jsonl | alignx-score -m llama.gguf --method pba"
check 'an interaction is not a row' says 'expected a record' sh -c "alignx-cat $samples/good-copies.jsonl | alignx-score -m llama.gguf"

echo '{"prompt":"the cat and the dog and the house on the hill, the thing is here and it rained","chosen":"and then","rejected":"it is a dog"}' >long.jsonl
check 'the suggested --truncate is half of what fits' says '; use --ctx-size [0-9]* or --truncate 14$' alignx-score -m llama.gguf --pairs -c 30 long.jsonl
check 'with it the row fits, and is counted as cut' says '^alignx-score: rows truncated by --truncate 14: 1$' alignx-score -m llama.gguf --pairs -c 30 --truncate 14 --stats stats long.jsonl
check '--stats counts rows that are cut' jq -e '.counts.truncated == 1' stats
check 'rows that are not cut are not reported' sh -c "! alignx-score -m llama.gguf --pairs rows.jsonl 2>&1 >/dev/null | grep -q truncated"
check 'where the context is too small, no --ctx-size is suggested' says 'but the model.s context is 128; use --truncate 63$' alignx-score -m "$srcdir/tests/pear/llama.gguf" record.json
check 'the reference is named where its context is too small' says 'but the reference model.s context is 128' alignx-score -m llama.gguf --truncate 126 --reference "$srcdir/tests/pear/llama.gguf" record.json
check 'older spellings of options are accepted' cmp <(score -m llama.gguf --pairs --ctx-size 80 --batch-size 3 --no-simd rows.jsonl) <(score -m llama.gguf --pairs --room 80 --batch 3 --plain rows.jsonl)
check 'older spellings are not listed in --help' sh -c "! alignx-score --help | grep -q -e '--room' -e '--batch ' -e '--plain' -e '--compat'"

# plain pairs: three fields count, whatever else is there
echo '{"prompt":"a","chosen":"b","rejected":"c","profile":7,"kind":"x","Preference Direction":"no","source":"mine"}' >odd.jsonl
check '--pairs ignores other fields' [ "$(score -m llama.gguf --pairs odd.jsonl | jq -r .source)" = mine ]
check 'the same row without --pairs is refused' exits 1 score -m llama.gguf odd.jsonl
check 'a pair without a response is refused' says 'rejected' sh -c "echo '{\"prompt\":\"\",\"chosen\":\"\"}' | alignx-score -m llama.gguf --pairs"
check '--pairs is --method plain' cmp <(score -m llama.gguf --pairs rows.jsonl) <(score -m llama.gguf --method plain rows.jsonl)
check '--pairs with --method pba is refused' says 'pairs have no persona' score --pairs --method pba
check 'msgpack input gives the same scores' cmp <(alignx-cat --to msgpack record.json | score -m llama.gguf --truncate 100) <(score -m llama.gguf --truncate 100 record.json)

# templates: by the model's own tokens; what people wrote is never one of them
template() { score -m "$1" --print prompt record.json | jq -r .template; }
grow() { # TOKEN FILE: a model whose token that ends texts is written TOKEN
	$PYTHON3 - "$1" "$2" <<'END'
import os, sys
sys.path.insert(0, os.environ["srcdir"] + "/tests/oracle")
import make_model
make_model.TOKENS[2] = sys.argv[1]
build = make_model.Model.build
def without_bos(self):
    build(self)
    self.keys = [(k, False if k.endswith("add_bos_token") else v) for k, v in self.keys]
make_model.Model.build = without_bos
sys.argv[1:] = ["llama", sys.argv[2], "3"]
make_model.main()
END
}
for pair in 'llama-3 <|start_header_id|>' 'chatml <|im_start|>' 'gemma <start_of_turn>' 'mistral [INST]' 'none </s>'; do
	grow "${pair#* }" own.gguf
	check "--template auto: ${pair% *}" [ "$(template own.gguf)" = "${pair% *}" ]
	check "--describe: ${pair% *}" [ "$(score --describe own.gguf | awk '$1 == "template" { print $2 }')" = "${pair% *}" ]
done
grow '<|im_start|>' own.gguf
check '--bos auto: ChatML has no BOS' [ "$(score -m own.gguf --print tokens record.json | jq -c '.prompt[0:1]')" = '[2]' ]
check '--bos always: ChatML with BOS' [ "$(score -m own.gguf --bos always --print tokens record.json | jq -c '.prompt[0:1]')" = '[1]' ]
check 'control tokens count in the template alone' [ "$(jq -c '.prompt = "<|im_start|>"' record.json | score -m own.gguf --print tokens | jq -c '[.prompt[] | select(. == 2)] | length')" = 3 ]
check '--template works with any model' [ "$(score -m own.gguf --template llama-2 --print prompt record.json | jq -r '.prompt[:14]')" = '[INST] <<SYS>>' ]

# profiles of histories: 3 of 5 passes either way, 2 of 5 only on exact counts
$PYTHON3 - >five.jsonl <<'END'
import json
item = lambda a, b: {"prompt": "p", "comment": "c", "Preference Direction": [a, b] + [0.5] * 88}
print(json.dumps({"prompt": "p", "chosen": "c", "rejected": "r", "User-Generated Content": [item(1, 0)] * 2 + [item(0, 1)] * 2 + [item(0, 1)]}))
END
bridge() { score --method pba --variant training --print prompt "$@" five.jsonl | jq -r '.prompt | split("\n")[11]'; }
check 'PBA takes profiles by exact counts' [ "$(bridge)" = 'Older, Female' ]
check '--released-rounding takes them as the released code does' [ "$(bridge --released-rounding)" = Female ]

# printed tokens are those that are scored
score -m llama.gguf --pairs --print tokens rows.jsonl >ids
check '--print tokens prints the ids that are scored' cmp <(jq -c '[.prompt, .chosen, .rejected | length]' ids) <(jq -c .tokens rows)
jq -r 'select(.row == 2) | .prompt + .rejected | @tsv' ids >one
n=$(jq 'select(.row == 2) | .rejected | length' ids)
check 'the printed ids have the same sum' [ "$(alignx-score -m llama.gguf --tokens one | sed '$d' | tail -n "$n" | awk '{ s -= $1 } END { printf "%.4f", s }')" = "$(jq -r 'select(.row == 2) | .rejected' rows | awk '{ printf "%.4f", $1 }')" ]

# joint tokens: "th" + "e" is one token where it is one text
cat >joint.jsonl <<'END'
{"prompt":" th","chosen":"e cat","rejected":"at"}
{"prompt":" th","chosen":"ing","rejected":" ink"}
{"prompt":" th","chosen":"at","rejected":"e cat"}
END
check '--joint: the prompt ends where the texts first differ' [ "$(score -m llama.gguf --pairs --joint --print tokens joint.jsonl | jq -c '.prompt | length' | tr '\n' ' ')" = '2 3 2 ' ]
check '--joint: prompt and response are the ids of the whole text' [ "$(score -m llama.gguf --pairs --joint --bos never --eos none --print tokens joint.jsonl | jq -c '.prompt + .chosen' | head -1)" = "[$(printf ' the cat' | "$builddir/tests/tools/tokenize" llama.gguf | sed 's/ *$//; s/ /,/g')]" ]
check '--joint gives other scores' exits 1 cmp -s <(score -m llama.gguf --pairs joint.jsonl) <(score -m llama.gguf --pairs --joint joint.jsonl)

check '--generate with a reference is refused' says 'asks one model' score -m llama.gguf --generate 3 --reference llama.gguf rows.jsonl
check '--generate answers each row' [ "$(score -m llama.gguf --pairs --generate 3 rows.jsonl | jq -c 'select(.tokens[1] <= 3) | .row' | paste -sd' ')" = '1 2 3 4 5' ]

# references (A4.1)
$PYTHON3 "$srcdir/tests/oracle/make_model.py" llama other.gguf 9
ask="--truncate 100 record.json"
score -m llama.gguf --reference other.gguf --method pba $ask >both
check 'a row has the sums of both models' [ "$(jq -c '[.chosen, .rejected, .reference.chosen, .reference.rejected]' both)" = "$(
	{ score -m llama.gguf --method pba $ask; score -m other.gguf --method few-shot $ask; } | jq -c '.chosen, .rejected' | paste -sd, | sed 's/.*/[&]/')" ]
margin() { jq -e "((.chosen - .reference.chosen) - (.rejected - .reference.rejected)) * $2 - .margin | fabs < 1e-9" "$1"; }
check 'the margin is beta times the gain' margin both 0.1
check '--beta scales the margin' margin <(score -m llama.gguf --reference other.gguf --beta 2 $ask) 2
check '--reference-method same gives the reference the same prompt' [ "$(score -m llama.gguf --reference other.gguf --method pba --reference-method same $ask | jq -c .reference.tokens)" = "$(jq -c .tokens both)" ]
check 'a model against itself is a tie' [ "$(score -m llama.gguf --reference llama.gguf --method ica $ask | jq -c '[.margin + 0, .prefers]')" = '[0,"neither"]' ]
score -m llama.gguf --reference same-without-persona $ask >bare
check 'same-without-persona scores the row without its persona' [ "$(jq -c '[.reference.chosen, .reference.rejected]' bare)" = "$(
	jq -c '."User-Generated Content" = [] | ."Pair-wise Comparative Feedback" = [] | ."Demographic Information" = ""' record.json >without
	score -m llama.gguf --truncate 100 without | jq -c '[.chosen, .rejected]')" ]
check 'same-without-persona works with pba' [ "$(score -m llama.gguf --reference same-without-persona --method pba --print prompt $ask | wc -l)" = 1 ]
echo '{"heads":[{"layer":0,"head":1,"coefficient":0.25}]}' >pear.json
check '--reference-pear changes the reference alone' [ "$(score -m llama.gguf --reference llama.gguf --reference-pear pear.json $ask | jq -c '[.chosen, .reference.chosen]')" = "$(
	{ score -m llama.gguf $ask; score -m llama.gguf --pear pear.json $ask; } | jq .chosen | paste -sd, | sed 's/.*/[&]/')" ]
check '--method plain with same-without-persona is refused' says 'must be another model' score -m llama.gguf --pairs --reference same-without-persona rows.jsonl
check 'a reference that does not exist is refused' says 'none.gguf' score -m llama.gguf --reference none.gguf rows.jsonl

# accuracies
$PYTHON3 - >many.jsonl <<'END'
import json
for i in range(60):
    print(json.dumps({"prompt": "p%d" % (i % 7), "chosen": "a%d" % i, "rejected": "b%d" % i, "source": ["x", "y"][i % 3 == 0],
        **({"Demographic Information": "D"} if i % 2 else {})}))
END
alignx-score -m llama.gguf --method plain --stats stats many.jsonl >many 2>told
count() { jq -s "[.[] | select($1)] | length" many; }
check 'the last line has the accuracy' grep -q "^alignx-score: all: $(count '.prefers == "chosen"') of 60 rows right, accuracy" told
check 'a line has the accuracy by persona' grep -q "^alignx-score: persona demo: $(count '.persona == "demo" and .prefers == "chosen"') of 30 rows" told
check 'a line has the accuracy by source' grep -q "^alignx-score: source y: $(count '.source == "y" and .prefers == "chosen"') of 20 rows" told
check '--quiet prints no accuracies' [ -z "$(score -m llama.gguf --method plain many.jsonl 2>&1 >/dev/null)" ]
check '--stats has the same counts' jq -e ".counts | .correct == $(count '.prefers == "chosen"') and .\"source:y:rows\" == 20" stats
score -m llama.gguf --method plain --summary many.jsonl >table
$PYTHON3 - many >want <<'END'
import json, math, sys
rows = [json.loads(l) for l in open(sys.argv[1])]
def line(by, name, r):
    n, c = len(r), sum(x["chosen"] > x["rejected"] for x in r); p, z = c / n, 1.959964
    m, h = (p + z*z/2/n) / (1 + z*z/n), z / (1 + z*z/n) * math.sqrt(p*(1-p)/n + z*z/4/n/n)
    t = sum(x["chosen"] / x["tokens"][1] > x["rejected"] / x["tokens"][2] for x in r)
    print(by, name, n, c, sum(x["chosen"] == x["rejected"] for x in r), *("%.4f" % v for v in (p, max(m - h, 0), min(m + h, 1), t / n)), sep="\t")
print("by\tgroup\trows\tcorrect\tties\taccuracy\tlow\thigh\tby_token")
for by in "persona", "source":
    for name in dict.fromkeys(r[by] for r in rows): line(by, name, [r for r in rows if r[by] == name])
line("all", "all", rows)
END
check '--summary agrees with Python' diff want table

# the direction alone
$PYTHON3 - >golden.jsonl <<'END'
import json, random
r = random.Random(5)
labels = [l.rstrip("\n").split("\t") for l in open(__import__("os").environ["srcdir"] + "/schema/dimensions.tsv") if not l.startswith("#")]
for i in range(200):
    d = [r.choice([0, 0.5, 0.5, 1]) for _ in range(90)]
    u = [{"prompt": "p", "comment": "c", "Preference Direction": d}] * r.randint(1, 4)
    print(json.dumps({"prompt": "p", "chosen": "c", "rejected": "r", "Preference Direction": d, "Demographic Information": "",
        "User-Generated Content": u, "Pair-wise Comparative Feedback": []}))
END
check '--method direction: all right where history and row agree' [ "$(score --method direction --summary golden.jsonl | awk '$1 == "all" { print $3, $4, $5 }')" = '200 200 0' ]
jq -c '."Preference Direction" |= map(1 - .)' golden.jsonl >turned.jsonl
check '--method direction: all wrong where they disagree' [ "$(score --method direction --summary turned.jsonl | awk '$1 == "all" { print $3, $4, $5 }')" = '200 0 0' ]
alignx-ingest -q --source reddit "$samples"/good-month/*.zst | alignx-extract | alignx-map | alignx-pair >pairs
alignx-emit --test-share 0 -o emitted pairs
score --method direction --summary emitted/train/*.msgpack | awk '$1 == "all"' >floor
check '--method direction: own records are never contradicted by their history' sh -c 'awk "{ exit !(\$3 > 1000 && \$4 + \$5 == \$3 && \$4 > 0.6 * \$3) }" floor || { cat floor; false; }'
alignx-cat --to json emitted/train/*.msgpack >records
alignx-profile --from direction records | jq -c .profile | paste -d'\n' - records | head -600 |
	jq -cs '[range(0; length; 2) as $i | .[$i + 1] + {profile: .[$i]}][]' >own.jsonl
check '--method direction: all right where the profile is the row'"'"'s own direction' [ "$(score --method direction --summary own.jsonl | awk '$1 == "all" { print $3, $4, $5 }')" = '300 300 0' ]
check '--method direction with a reference is refused' says 'asks no model' score --method direction --reference other.gguf golden.jsonl
if [ -n "$ALIGNX_REALDATA" ]; then
	soups=$ALIGNX_REALDATA/alignx/p-soups-student_phd.json
	check 'P-Soups as released has PBA prompts' [ "$(score --print prompt --method pba "$soups" | jq -r '.prompt | contains("***User Preferences***\n\n")' | sort | uniq -c | xargs)" = '600 true' ]
	jq -c '.[:4][]' "$soups" >four.jsonl
	check 'P-Soups rows are grouped by what the person wants' [ "$(score -m llama.gguf --truncate 60 --summary four.jsonl | awk -F'\t' '$1 == "truth" { n += $3 } END { print n }')" = 4 ]
else
	skip 'P-Soups' 'ALIGNX_REALDATA is not set'
fi
done_testing
