#!/bin/sh
# bench/rules: how often rules are right, worked out by hand on a few texts.
. "${srcdir:-.}/tests/lib.sh"
bench="$PYTHON3 $srcdir/bench/rules --rules $srcdir/data-samples/rules"
lines() { # n, text, labels
	i=0; while [ $i -lt "$1" ]; do echo "{\"text\": \"$2\", \"labels\": $3}"; i=$((i + 1)); done; }
{ lines 6 'There were many cats and dogs around that old house' '{"pets": 1}'
	lines 4 'There was only one dog around that large old house' '{}'
	lines 2 'There was only one cat in front of that old house' '{"pets": -1}'
	lines 1 'We never keep a tidy desk in that large old house' '{"order": -2}'; } >"$tmp/texts"
$bench "$builddir" "$tmp/texts" >"$tmp/out"
cells() { # what, name, pole, columns
	awk -F'\t' -v OFS=' ' -v what="$1" -v name="$2" -v pole="$3" -v columns="$4" '
		$1 == what && $2 == name && $3 == pole { n = split(columns, c, ","); for (i = 1; i <= n; i++) printf "%s%s", (i > 1 ? OFS : ""), $c[i] }' "$tmp/out"; }
check 'firings, right and contradicted of one hit or more' [ "$(cells rule topic.pets 1 5,6,7)" = '12 6 2' ]
check 'and of two hits or more' [ "$(cells rule topic.pets 1 8,9,10)" = '6 6 0' ]
check 'from ten firings a rule is judged by itself' [ "$(cells rule topic.pets 1 11,12,13)" = '0.500 rule keep' ]
check 'a negated rule counts for the other pole' [ "$(cells rule need.order.high 0 4,5,6,7)" = 'negated 1 1 0' ]
check 'a rule and a family without firings are not judged' [ "$(cells rule need.order.high 1 12,13)" = 'nothing unknown' ]
check 'families are summed up' [ "$(cells family topic 1 5,6,7)" = '12 6 2' ]
sed -i 's/"pets": 1/"humor": 1/' "$tmp/texts"; $bench "$builddir" "$tmp/texts" >"$tmp/out"
check 'a rule that is seldom right is dropped' [ "$(cells rule topic.pets 1 11,12,13)" = '0.000 rule drop' ]
mkdir "$tmp/rules"; cp "$srcdir"/data-samples/rules/* "$tmp/rules/"
printf 'rule topic.house\ndimension home-decor\npole 1\nweight 1\nwords desk\nmatch A desk.\nreject A chair.\n' >>"$tmp/rules/small.rules"
$PYTHON3 "$srcdir/bench/rules" --rules "$tmp/rules" "$builddir" "$tmp/texts" >"$tmp/out"
check 'with fewer than ten firings a rule is judged by its family' [ "$(cells rule topic.house 1 5,11,12,13)" = '1 0.000 family drop' ]
if alignx-map --help | grep -q 'none'; then
	$bench --words "$builddir" "$tmp/texts" >"$tmp/out"
	check '--words: by what a rule matched' [ "$(awk -F'\t' '$4 == "dog" { print $2, $3, $5, $6, $7 }' "$tmp/out")" = 'topic.pets 1 4 0 0' ]
else skip '--words: by what a rule matched' 'alignx-map has no --model none'; fi
bad() { echo "$2" >"$tmp/bad"; says "bad:1: $1" $bench "$builddir" "$tmp/bad"; }
check 'an unknown key is located' bad "unknown key 'cats'" '{"text": "x", "labels": {"cats": 1}}'
check 'a value out of range is located' bad 'pets is 3; values are 2, 1, -1 and -2' '{"text": "x", "labels": {"pets": 3}}'
check 'a line without a text is located' bad 'expected a text' '{"prompt": "x", "first": "y", "second": "z", "labels": [{}, {}]}'
check 'a line that is no JSON is located' bad 'no JSON' '{"text": '
done_testing
