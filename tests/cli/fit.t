#!/bin/bash
# alignx-fit, and alignx-map with its models.
. "${srcdir:-.}/tests/lib.sh"
ALIGNX_RULES=$srcdir/data-samples/rules
cd "$tmp" || exit 99
fit() { alignx-fit --size 16K --min-examples 5 "$@"; }
table=$samples/good-labelled.tsv
fit -o one "$table"
check 'the samples give a model' [ -s one ]
fit -j 3 -o threads "$table"
check 'three threads give the same bytes' cmp one threads
fit -o none --size 1K "$table"
check '--size limits the size' [ "$(stat -c %s none)" -le 3000 ]
fit -s 2 -o seed "$table"
check 'another seed gives another model' sh -c '! cmp -s one seed'
{ printf 'dim\tlabel\ttext\n'; for d in 3 86 64; do for i in $(seq 60); do printf '%s\t%s\tword%s thing%s\n' $d $((i % 2)) $((i % 2 + 2 * d)) $i; done; done; } >many.tsv
fit --max-examples 100 --word-ngrams 3 -o sample many.tsv; fit --max-examples 100 --word-ngrams 3 -o again many.tsv
check 'a random sample is always the same' cmp sample again
fit --rows 100 --least 2 --words 3 --chars-from 3 --chars-to 5 --bits 28 -o again many.tsv
check 'older spellings of options work' cmp sample again

# other forms of input teach the same
$PYTHON3 - "$table" >records.json <<'END'
import json, sys
rows = [l.rstrip("\n").split("\t") for l in open(sys.argv[1], encoding="utf-8")][1:]
dims = {"extraversion": 3, "camping": 86, "gourmet-food": 64}
for i, (dim, label, community, text) in enumerate(rows):
    d = [0.5] * 90
    d[dims[dim]] = int(label)
    n = [0.5] * 90
    print(json.dumps({"prompt": "P", "chosen": "C%d" % i, "rejected": "R%d" % i, "Preference Direction": n, "Demographic Information": "",
        "User-Generated Content": [{"prompt": "P", "comment": text, "Preference Direction": d}],
        "Pair-wise Comparative Feedback": []}))
END
fit --report areas -o records records.json
check 'a model learns from records' sh -c "awk '\$1 == \"extraversion\" && \$3 == 14 && \$4 > 0.9' areas | grep -q ."
jq -cR 'split("\t") | select(.[0] != "dim") | {kind:"interaction",version:1,id:("t1_" + (.[3] | @base64)),source:"reddit",type:"comment",
    post:"t3_p",community:(if .[2] == "" then "none" else .[2] end),text:.[3],place:{file:"f",byte:0,line:1}}' "$table" >texts.json
alignx-cat texts.json | alignx-extract | alignx-map --model one -k -o mapped
fit --report areas -o second mapped
check 'a model learns from interactions' sh -c "awk '\$1 == \"camping\" && \$3 >= 8 && \$4 > 0.85' areas | grep -q ."
check 'interactions without intensities are refused' says 'no intensities' sh -c "alignx-cat texts.json | alignx-fit -o x"

# a text that is too costly for a pattern is reported, as by alignx-extract
mkdir costly && cp "$ALIGNX_RULES"/* costly && cat >costly/costly.rules <<'END'
rule need.costly
dimension order
pole 1
weight 1
pattern (?=(?:a+)+(?:a|aa)+b)a
match aab
reject ab
END
{ cat "$table"; printf 'camping\t1\t\t%0200d cats bob\n' 0 | tr 0 a; } >costly.tsv
check 'a costly pattern is reported' says 'costly.rules:5: a pattern of the rule .need.costly. is too costly' fit -r costly -o x costly.tsv

# judgements of a model
interaction() { jq -cn --arg t "$1" '{kind:"interaction",version:1,id:"t1_a",source:"reddit",type:"comment",post:"t3_p",text:$t,place:{file:"f",byte:0,line:1}}'; }
value() { interaction "$1" | alignx-cat | alignx-extract | alignx-map --model one | alignx-cat | jq ".intensities.value[$2]"; }
check 'a new text gets the right pole' [ "$(value 'I love a loud evening with many friends' 3)" -gt 50 ]
check 'a text of the other pole gets a value below -50' [ "$(value 'I would stay alone in a quiet home' 3)" -lt -50 ]
check 'a text about something else gets no high value' [ "$(value 'Garlic and butter in the tomato sauce' 3)" -lt 20 ]
check 'the annotator names the model' sh -c "alignx-cat texts.json | alignx-extract | alignx-map --model one | alignx-cat | head -1 | jq -e '.intensities.annotator | test(\"^rules-.*/linear-[0-9a-f]{8}-0.5$\")'"

# the installed model
installed() { interaction "$1" | alignx-cat | alignx-extract -r "$srcdir/schema/rules" | alignx-map -r "$srcdir/schema/rules" --model default | alignx-cat | jq ".intensities.value[$2]"; }
check 'the installed model recognises an outgoing author' [ "$(installed 'I love meeting new people and talking to everyone at parties' 3)" -gt 50 ]
check 'the installed model recognises a reserved author' [ "$(installed 'I prefer being alone and avoid social events' 3)" -lt -50 ]
check 'the installed model recognises a post about camping' [ "$(installed 'Which sleeping bag would you take for a night in a hammock in October?' 86)" -gt 50 ]

# bad tables
bad() { printf "$2" >bad.tsv; check "$1" says "$3" fit -o x bad.tsv; }
bad 'a table without column names' '3\t1\ta\n3\t1\tb\n' 'bad.tsv:1:.*must name its columns'
bad 'an unknown dimension' 'dim\tlabel\ttext\nnope\t1\ta\n' "bad.tsv:2:.*unknown dimension 'nope'"
bad 'a dimension beyond the last' 'dim\tlabel\ttext\n90\t1\ta\n' "bad.tsv:2:.*unknown dimension '90'"
bad 'an unknown label' 'dim\tlabel\ttext\n3\t2\ta\n' "bad.tsv:2:.*unknown label '2'"
bad 'a column too many' 'dim\tlabel\ttext\n3\t1\ta\tb\n' 'bad.tsv:2:.*4 columns, but the first line names 3'
bad 'bytes that are not UTF-8' 'dim\tlabel\ttext\n3\t1\ta\377\n' 'bad.tsv:2:.*UTF-8'
bad 'nothing to learn' 'dim\tlabel\ttext\n3\t1\ta\n' 'nothing to learn'
check 'empty input' exits 2 sh -c 'alignx-fit -o x </dev/null'

# texts that were read for all dimensions
label() { printf '{"text":"%s number %s","labels":%s}\n' "$1" "$2" "$3"; }
{ for i in $(seq 12); do label 'the tent and the campfire' $i '{"camping":2}'; label 'an invoice for the printer' $i '{}'; done; } >read.jsonl
fit --report read -o read.model read.jsonl
check 'labels give a model of the poles that they show' [ "$(awk '$1 == "dimension" { on = 1; next } on { print $1, $2, $3 }' read)" = 'camping 1 12' ]
check 'all texts that were read are measured' grep -qx 'texts	24' read
{ printf 'dim\tlabel\ttext\n'; for i in $(seq 12); do printf 'camping\t0\tI would never sleep outside, not even for %s nights\n' $i; done; } >statements.tsv
fit --report both -o both.model read.jsonl statements.tsv
check 'statements add poles, but are not measured' [ "$(grep -c '^camping' both) $(grep '^texts' both)" = '2 texts	24' ]
wrong() { { cat read.jsonl; printf '%s\n' "$2"; } >wrong.jsonl; check "labels: $1" says "wrong.jsonl:25:.*$3" fit -o x wrong.jsonl
	check "labels: $1: status 1, the others are read" exits 1 fit -o x wrong.jsonl; }
wrong 'an unknown key' '{"text":"a","labels":{"cats":1}}' "unknown key 'cats' in labels"
wrong 'a value out of range' '{"text":"a","labels":{"music":3}}' 'the label of music must be 2, 1, -1 or -2'
wrong 'a value of another type' '{"text":"a","labels":{"music":"yes"}}' 'the label of music must be 2, 1, -1 or -2'
wrong 'a key that is labelled twice' '{"text":"a","labels":{"music":1,"music":2}}' '/labels/music: this field occurs twice'
wrong 'a text that comes twice' '{"text":"the tent and the campfire number 1","labels":{}}' 'this text has been read already'
wrong 'no text' '{"labels":{"music":1}}' 'labels need a text'
wrong 'labels that are no map' '{"text":"a","labels":["music"]}' 'labels need a text'
check 'options that are gone are unknown' exits 2 alignx-fit --cost-pole 3 -o x read.jsonl

# precision: the more is asked for, the fewer claims
claims() { interaction 'the tent and the campfire number 99' | alignx-cat | alignx-map -x -m read.model -p "$1" | alignx-cat | jq '[.intensities | [.value, .confidence] | transpose[] | .[0] * .[1] | fabs | select(. > 1000)] | length'; }
check '--precision claims what is sure enough' [ "$(claims 0.3)" = 1 ]
check 'a judgement of words rests on wording' [ "$(interaction 'the tent and the campfire number 99' | alignx-cat | alignx-map -x -m read.model | alignx-cat | jq '.intensities.evidence[86]')" = 6 ]
mkdir bare && cp "$ALIGNX_RULES"/* bare && rm -f bare/default.model
check 'no default.model: said once' says 'there is no bare/default.model, so the weights of the rules are summed' sh -c "alignx-cat texts.json | alignx-map -x -r bare -o x"
check '--model none says nothing' [ -z "$(alignx-cat texts.json | alignx-map -x -r bare -m none -o x 2>&1)" ]
printf '\nrule need.new\ndimension order\npole 1\nweight 1\nwords neatness\nmatch neatness\nreject mess\n' >>bare/small.rules
check 'other rules than those of the model: said once' says 'one was trained with rules-[0-9a-f]*, and these are rules-[0-9a-f]*; rules that it does not know count nothing' \
    sh -c "alignx-cat texts.json | alignx-map -x -r bare -m one -o x"

# bad models
map() { alignx-map --model "$1" </dev/null -o x; }
for n in 0 7 8 30 59 60 200 4000; do
	head -c $n one >cut.file
	check "a model of $n bytes" says 'cut.file: this model is cut short\|cut.file: not a model' map cut.file
done
{ head -c 8 one; printf '\3'; tail -c +10 one; } >later
check 'another format version: the message names the cure' says 'later: this model has format version 3.*train it again' map later
{ head -c 2000 one; printf 'x'; tail -c +2002 one; } >flipped
check 'a changed byte' says 'flipped: this model is damaged' map flipped
check 'a GGUF model' says 'tiny-llama.gguf: not a model of alignx-fit' map "$samples/tiny-llama.gguf"
check 'no file' says 'nowhere: No such file' map nowhere
check 'a folder' exits 2 map "$tmp"
done_testing
