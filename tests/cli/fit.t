#!/bin/bash
# alignx-fit, and alignx-map with its models.
. "${srcdir:-.}/tests/lib.sh"
ALIGNX_RULES=$srcdir/data-samples/rules
cd "$tmp" || exit 99
fit() { alignx-fit --size 16K "$@"; }
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
fit --max-examples 100 -o sample many.tsv; fit --max-examples 100 -o again many.tsv
check 'a random sample is always the same' cmp sample again
fit --rows 100 --least 2 --words 3 --chars-from 3 --chars-to 5 --bits 28 --cost-side 20 --neutrals 10 -o again many.tsv
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
check 'a model learns from records' sh -c "awk '\$1 == \"extraversion\" && \$2 == 14 && \$3 == 14 && \$8 > 0.9' areas | grep -q ."
jq -cR 'split("\t") | select(.[0] != "dim") | {kind:"interaction",version:1,id:("t1_" + (.[3] | @base64)),source:"reddit",type:"comment",
    post:"t3_p",community:(if .[2] == "" then "none" else .[2] end),text:.[3],place:{file:"f",byte:0,line:1}}' "$table" >texts.json
alignx-cat texts.json | alignx-extract | alignx-map --model one -k -o mapped
fit --report areas -o second mapped
check 'a model learns from interactions' sh -c "awk '\$1 == \"camping\" && \$2 >= 8 && \$6 > 0.85' areas | grep -q ."
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
check 'the annotator names the model' sh -c "alignx-cat texts.json | alignx-extract | alignx-map --model one | alignx-cat | head -1 | jq -e '.intensities.annotator | test(\"^rules-.*/linear-[0-9a-f]{8}$\")'"

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

# bad models
map() { alignx-map --model "$1" </dev/null -o x; }
for n in 0 7 8 30 59 60 200 4000; do
	head -c $n one >cut.file
	check "a model of $n bytes" says 'cut.file: this model is cut short\|cut.file: not a model' map cut.file
done
{ head -c 8 one; printf '\2'; tail -c +10 one; } >later
check 'another format version: the message names the cure' says 'later: this model has format version 2.*train it again' map later
{ head -c 2000 one; printf 'x'; tail -c +2002 one; } >flipped
check 'a changed byte' says 'flipped: this model is damaged' map flipped
check 'a GGUF model' says 'tiny-llama.gguf: not a model of alignx-fit' map "$samples/tiny-llama.gguf"
check 'no file' says 'nowhere: No such file' map nowhere
check 'a folder' exits 2 map "$tmp"
done_testing
