#!/bin/sh
# alignx-pair and alignx-emit against rules worked out again in Python.
. "${srcdir:-.}/tests/lib.sh"
cd "$srcdir" || exit 99
oracle=tests/oracle
$PYTHON3 $oracle/make_mapped.py 7 | alignx-cat -o "$tmp/x"
check 'made-up interactions are valid' alignx-validate "$tmp/x"
check 'pairing succeeds' alignx-pair -o "$tmp/pairs" --dead-zone 0.2 --max-ratio 3 "$tmp/x"
check 'exchanges and pairs are valid' alignx-validate "$tmp/pairs"
check 'pairs follow the rules' $PYTHON3 $oracle/check_pairs.py "$tmp/x" "$tmp/pairs" 0.2 3
alignx-pair --memory 64K --dead-zone 0.2 --max-ratio 3 -o "$tmp/small" "$tmp/x"
check '--memory 64K gives the same bytes' cmp "$tmp/pairs" "$tmp/small"
alignx-cat "$tmp/x" | shuf --random-source="$tmp/x" | alignx-cat | alignx-pair --dead-zone 0.2 --max-ratio 3 -o "$tmp/turned"
check 'the order of the input does not matter' cmp "$tmp/pairs" "$tmp/turned"
alignx-pair --seed 1 --dead-zone 0.2 --max-ratio 3 -o "$tmp/other" "$tmp/x"
check 'another seed gives other pairs' sh -c "! cmp -s $tmp/pairs $tmp/other"
alignx-pair --both-orders -o "$tmp/both" "$tmp/x"
both() { alignx-cat -k pair "$tmp/both" | $PYTHON3 -c '
import json, sys
d = {}
for line in sys.stdin:
    p = json.loads(line)
    d[p["first"]["id"], p["second"]["id"]] = p["direction"]
assert d and all(d[b, a] == [1 - x for x in v] for (a, b), v in d.items())'; }
check '--both-orders writes every pair swapped, too' both
# answers are compared by their texts: the longer one is more detailed
long='Keep it in a paper bag, cut side down, in a cool and dry place, and freeze what you do not eat within three days; it thaws in a toaster.'
answers() { jq -cn --arg a "$1" --arg b "$2" '("p", "a", "b") as $id | {kind: "interaction", version: 1, id: $id, source: "reddit",
	type: (if $id == "p" then "post" else "comment" end), post: "p", user: $id, depth: 0, place: {file: "f", byte: 0, line: 1},
	text: (if $id == "a" then $a elif $id == "b" then $b else "How do I keep bread fresh?" end),
	intensities: {annotator: "t", value: [range(90) | 0], confidence: [range(90) | 0]}}' | alignx-cat; }
style() { alignx-pair -q --max-ratio 0 "$@" | alignx-cat -k pair | jq -r 'if .first.id == "a" then .direction[16] else 1 - .direction[16] end'; }
check 'the shorter answer is the more concise' [ "$(answers 'Eat it all at once, today.' "$long" | style)" = 1 ]
check 'swapped, too' [ "$(answers "$long" 'Eat it all at once, today.' | style)" = 0 ]
check 'it rests on style' [ "$(answers "$long" 'Eat it all at once, today.' | alignx-pair -q --max-ratio 0 | alignx-cat -k pair | jq '.evidence[16]')" = 4 ]
check 'answers that hardly differ are not compared' [ -z "$(answers 'Eat it all at once, today.' 'Eat it all at once, maybe.' | style --min-confidence 0.9)" ]
mkdir "$tmp/rules"
compare() { printf "$2" >"$tmp/rules/compare.tsv"; check "compare.tsv: $1" says "compare.tsv:1: $3" alignx-pair -r "$tmp/rules" -o "$tmp/none" /dev/null; }
compare 'an unknown key' 'cats\twords\t1\n' "unknown key 'cats'"
compare 'an unknown feature' 'honesty\tvowels\t1\n' "unknown feature 'vowels'"
compare 'a weight that is none' 'honesty\twords\tmany\n' 'a weight must be a number'
compare 'too few columns' 'honesty\twords\n' 'expected three columns'
printf 'honesty\tbias\t1\nhonesty\tbias\t1\n' >"$tmp/rules/compare.tsv"
check 'compare.tsv: a doubled row' says 'compare.tsv:2: this weight is given twice' alignx-pair -r "$tmp/rules" -o "$tmp/none" /dev/null
rm "$tmp/rules/compare.tsv"
check 'no compare.tsv: said, and the pairs are made' says 'there is no compare.tsv in .*rules' alignx-pair -r "$tmp/rules" -o "$tmp/none" "$tmp/x"
alignx-pair --by-score --later -o "$tmp/shp" "$tmp/x"
shp() { alignx-cat -k pair "$tmp/shp" | $PYTHON3 -c '
import json, sys
n = 0
for line in sys.stdin:
    p = json.loads(line)
    if p["source"] == "reddit":
        n += 1
        assert p["first"]["score"] > p["second"]["score"] and p["first"]["created"] > p["second"]["created"]
assert n > 100'; }
check '--by-score --later control score and time as SHP does' shp
check 'an interaction without intensities is refused with the cure' says 'run it through alignx-map first' sh -c '
	printf "%s" "{\"kind\":\"interaction\",\"version\":1,\"id\":\"a\",\"source\":\"reddit\",\"type\":\"comment\",\"post\":\"b\",\"text\":\"c\",\"place\":{\"file\":\"f\",\"byte\":0,\"line\":1}}" | alignx-cat | alignx-pair -o $tmp/none'
for mode in author matched; do
	check "$mode: records are made" alignx-emit -p $mode --test-share 0.3 -o "$tmp/$mode" "$tmp/pairs"
	check "$mode: the manifest is merged" sh -c "alignx-emit --merge -o $tmp/$mode </dev/null"
	check "$mode: records are valid" sh -c "alignx-validate --kind record $tmp/$mode/train/* $tmp/$mode/test/*/*"
	check "$mode: records follow the rules" $PYTHON3 $oracle/check_records.py "$tmp/$mode" "$tmp/x" $mode
	alignx-emit -p $mode --test-share 0.3 --memory 64K -o "$tmp/again" "$tmp/pairs"
	alignx-emit --merge -o "$tmp/again" </dev/null >/dev/null
	check "$mode: --memory 64K gives the same bytes" diff -r "$tmp/$mode" "$tmp/again"
	rm -r "$tmp/again"
done
check 'after -n records a new file is started' sh -c "alignx-emit -n 10 -o $tmp/turn $tmp/pairs && [ -f $tmp/turn/train/part-00000-001.msgpack ]"
check '--compress zstd writes valid files' sh -c "alignx-emit --compress zstd -o $tmp/z $tmp/pairs && alignx-validate $tmp/z/train/*.zst"
check 'the wrong kind is refused' says 'expected an exchange or a pair' alignx-emit -o "$tmp/w" "$tmp/x"
alignx-emit --part 3 -o "$tmp/parts" "$tmp/pairs"
find "$tmp/parts" -type f | sort | xargs sha256sum >"$tmp/before"
check 'a folder with files of the same part is refused with 2' exits 2 alignx-emit --part 3 --test-share 0.5 -o "$tmp/parts" "$tmp/pairs"
check 'the refusal names the cure' says 'parts/manifest/part-00003.json is from an earlier run; .*name another folder' \
    alignx-emit --part 3 -o "$tmp/parts" "$tmp/pairs"
unchanged() { find "$tmp/parts" -type f | sort | xargs sha256sum | cmp - "$tmp/before"; }
check 'the files of the earlier run are unchanged' unchanged
check 'another part may be added' alignx-emit --part 4 -o "$tmp/parts" "$tmp/pairs"
check 'two parts are merged into one manifest' sh -c "alignx-emit --merge -o $tmp/parts </dev/null && grep -q '\"parts\":2' $tmp/parts/manifest.json"
rm "$tmp/parts/manifest/part-00004.json"
check 'records that an interrupted run left behind are refused, too' exits 2 alignx-emit --part 4 -o "$tmp/parts" "$tmp/pairs"
# on what it rests, from a rule to the record
post() { jq -cn --arg i "$1" --arg t "$2" --arg type "$3" --arg post "$4" '{kind: "interaction", version: 1, id: $i, source: "reddit", type: $type, post: $post,
	user: ("u" + $i), depth: 0, text: $t, place: {file: "f", byte: 0, line: 1}} | if $type == "post" then .user = "op" else . end'; }
{ post p1 'What do you do on a free evening, and with whom?' post p1
	post a1 'Thanks for asking! I love knitting, crochet and sewing, and my yarn basket is full.' comment p1
	post b1 'The report is due on Monday, so the office stays open.' comment p1; } | alignx-cat | alignx-extract -o "$tmp/signals"
check 'a signal says its kind of evidence' [ "$(alignx-cat "$tmp/signals" | jq -r 'select(.id == "a1") | .signals[].evidence' | sort -u | tr '\n' ' ')" = 'done said topic ' ]
alignx-map "$tmp/signals" -o "$tmp/judged"
check 'so does an intensity' [ "$(alignx-cat "$tmp/judged" | jq -r 'select(.id == "a1") | .intensities.evidence[78]')" = 3 ]
alignx-pair --max-ratio 0 "$tmp/judged" -o "$tmp/paired"
check 'and the direction of a pair' [ "$(alignx-cat -k pair "$tmp/paired" | jq -r '.evidence[78]')" = 3 ]
alignx-emit --test-share 0 --min-history 0 --informed off -o "$tmp/emitted" "$tmp/paired" 2>/dev/null
record() { alignx-cat "$tmp"/emitted/train/*.msgpack | jq -r "$1"; }
check 'and of a record' [ "$(record '.provenance.evidence[78]')" = 3 ]
crafts() { record 'if ."Preference Direction"[78] == 1 then (."Demographic Information" | test("likes .*crafts")) else (."Demographic Information" | test("crafts") | not) end'; }
check 'a record says of the person what the chosen text founds, and nothing of what the rejected one shows' [ "$(crafts)" = true ]
# alignx-cat selects, and names
check 'by dimension and label' [ "$(alignx-cat -d crafts+ -k record "$tmp"/emitted/train/*.msgpack | wc -l) $(alignx-cat -d crafts- "$tmp/judged" | wc -l)" = "$(record '."Preference Direction"[78] | if . == 1 then 1 else 0 end') 0" ]
check 'by id' [ "$(alignx-cat --id b1 "$tmp/judged" | jq -r .id)" = b1 ]
check 'by user' [ "$(alignx-cat --user ua1 "$tmp/judged" | jq -r .id)" = a1 ]
check 'by all that is given' [ -z "$(alignx-cat --user ua1 --id b1 "$tmp/judged" 2>/dev/null)" ]
check 'what a text states, with its evidence' [ "$(alignx-cat --id a1 --named "$tmp/judged" | jq -r '.named[] | select(.key == "crafts") | .label + ", " + .evidence')" = 'Likes crafts, topic' ]
check 'a named line is read back' sh -c "alignx-cat --named $tmp/judged | alignx-validate"
check 'an unknown dimension' says "there is no dimension 'cats'" alignx-cat -d cats "$tmp/judged"
check 'names are for JSON' says '--named is for JSON' alignx-cat --named --to msgpack "$tmp/judged"
printf 'rule need.a\ndimension order\npole 1\nweight 1\nevidence guessed\nwords neat\nmatch neat\nreject mess\n' >"$tmp/rules/a.rules"
check 'a rule of an unknown kind of evidence' says 'a.rules:5: evidence is said, done, topic or style, not .guessed.' alignx-extract --check -r "$tmp/rules"
done_testing
