#!/bin/sh
# bench/mapping: its figures, worked out by hand on a few rows and texts.
. "${srcdir:-.}/tests/lib.sh"
mapping="$PYTHON3 $srcdir/bench/mapping --rules $srcdir/data-samples/rules --no-speed"
small() { # rows of two interests, 59 pets and 64 food, that data-samples/rules distinguish, all but one
	printf 'dim\tsubreddit\ttext\n59\ta\tMy cats and my dog sleep a lot\n59\ta\tNothing to see at all in here\n'
	printf '64\tb\tThe weather was grey all week\n64\tb\tThey walked along the river\n'
}
small >"$tmp/interests"
ours() { # measure, dimension: a figure
	$mapping "$builddir" "$tmp/$1" | awk -F'\t' -v m="$2" -v d="$3" '$1 == m && $2 == d { print $4 }'; }
check 'one of two above all others, one tied: AUC 0.75' [ "$(ours interests interests pets)" = 0.750 ]
printf 'dim\tlabel\tfile\tstatement\n59\t1\tx\tI love cats\n59\t0\tx\tI hate cats\n59\t0\tx\tNothing to see\n' >"$tmp/traits"
check 'statements: AUC of pole against pole' [ "$(ours traits traits pets)" = 1.000 ]
check 'accuracy: two right, one undecided' [ "$(ours traits accuracy pets)" = 0.833 ]
check 'a table' $mapping --table "$tmp/table" "$builddir" "$tmp/interests" "$tmp/traits"
check 'of all dimensions' [ "$(grep -c '^| [0-9]' "$tmp/table")" -eq 90 ]
check 'without real texts no dimension has claims' grep -q '^| 59 | pets | 0 |  |  |  | no claims |$' "$tmp/table"
check 'second measures below' grep -q '^| pets | 0.75 | 1.00 | ' "$tmp/table"
psoups() { # a profile and a pair: likes pets
	printf '[{"profile": "%s", "Pair-wise Comparative Feedback": [{"prompt": "p", "chosen": "I love cats and dogs", "rejected": "It rains"}]}]\n' "$1"; }
psoups 'Likes pets' >"$tmp/alike"
psoups 'Dislikes pets' >"$tmp/unlike"
check 'signs that agree' [ "$(ours alike agreement pets)" = 1.000 ]
check 'signs that do not' [ "$(ours unlike agreement pets)" = 0.000 ]
psoups 'Likes pets' | sed 's/It rains/I love cats/' >"$tmp/close"
check 'a difference within the dead zone does not count' [ -z "$(ours close agreement pets)" ]
psoups 'Likes nonsense' >"$tmp/bad"
check 'a label that there is not' says "no label begins 'Likes nonsense'" $mapping "$builddir" "$tmp/bad"
printf 'dim\tlabel\tfile\tstatement\n59\t2\tx\tI love cats\n' >"$tmp/bad"
check 'a bad row is located' says 'bad:2: expected a dimension from 0 to 89, then 0 or 1' $mapping "$builddir" "$tmp/bad"
check 'a program that fails ends it' says 'a program of the pipe ended with 2' $PYTHON3 "$srcdir/bench/mapping" --no-speed --rules "$tmp/none" "$builddir" "$tmp/interests"

# --- real texts: data-samples/rules find pets and order in them ---
text() { # text, labels
	echo "{\"text\": \"$1\", \"labels\": $2}"; }
{ for n in 1 2 3 4 5 6; do text "I love all cats and dogs and puppies, number $n of them" '{"pets": 2}'; done
	for n in 1 2 3; do text "I love all cats and dogs and puppies, a total of $n" '{}'; done
	text 'I love all cats and dogs and puppies that live around here' '{"pets": -1}'
	text 'Nothing is said of animals, and that is fine by most of us' '{"pets": 1, "order": 1}'
	text 'I keep a tidy desk, because it helps me to think of work' '{"order": 1}'; } >"$tmp/real"
check 'claims that are right' [ "$(ours real 'texts right' pets)" = 0.600 ]
check 'claims that are contradicted' [ "$(ours real 'texts contradicted' pets)" = 0.100 ]
check 'claims without ground' [ "$(ours real 'texts unfounded' pets)" = 0.300 ]
check 'labels that are found' [ "$(ours real 'texts found' pets)" = 0.750 ]
check 'all dimensions together' [ "$(ours real 'texts right' all)" = 0.636 ]
check 'claims of one score count as mixed evenly' [ "$(ours real 'texts right at found' 0.10)" = 0.600 ]
check 'shares that are not found are left out' [ -n "$(ours real 'texts right at found' 0.35)" ]
check 'right by tenths of the confidence' [ "$($mapping "$builddir" "$tmp/real" | awk -F'\t' '
	$1 == "right at confidence" { n += $3; right += $3 * $4 } END { printf "%d %.0f", n, right }')" = '11 7' ]
check 'area under the curve of a pole needs eight labels' [ -z "$(ours real 'area of pole' 'pets +1')" ]
text 'I love all cats and dogs and puppies, seven of them' '{"pets": 1}' >>"$tmp/real"
text 'Nothing at all is said here, and that is fine by all of us' '{}' >>"$tmp/real"
check 'area under the curve of a pole: 29 of 48' [ "$(ours real 'area of pole' 'pets +1')" = 0.604 ]
$mapping --table "$tmp/table" "$builddir" "$tmp/real" >/dev/null
check 'a table of real texts first' grep -q '^| 59 | pets | 11 | 0.64 | 0.09 | 0.78 | strong |$' "$tmp/table"
check 'fewer than ten claims are weak' grep -q '^| 23 | order | 1 | 1.00 | 0.00 | 0.50 | weak |$' "$tmp/table"
check 'no claims' grep -q '^| 47 | science | 0 |  |  |  | no claims |$' "$tmp/table"
check 'all texts, compared with two readings' sh -c "grep -A1 '^| texts | 12 |' $tmp/table | grep -q '^| a second reading | | 0.83'"
echo '{"prompt": "What do you like?", "first": "It rains, and rain is all I think of", "second": "I love cats and dogs", "labels": [{}, {"pets": 2}], "compare": {"helpfulness": 1}}' >"$tmp/pairs"
check 'pairs: the direction towards the second' [ "$(ours pairs 'pairs right' pets)" = 1.000 ]
check 'pairs: labels of the comparison count' [ "$(ours pairs 'pairs found' helpfulness)" = 0.000 ]
check 'pairs: the texts count, too' [ "$(ours pairs 'texts found' pets)" = 1.000 ]
one() { # id, text, more
	echo "{\"kind\": \"interaction\", \"version\": 1, \"id\": \"$1\", \"source\": \"reddit\", \"post\": \"p\", \"text\": \"$2\", \"place\": {\"file\": \"x\", \"byte\": 0, \"line\": 1}, $3}"; }
unit() { # labels of both, comparison
	echo "{\"n\": 1, \"interactions\": [$(one a 'I love cats and dogs' '"type": "comment", "parent": "p", "depth": 0'), $(
	    one b 'It rains, and rain is all I think of' '"type": "comment", "parent": "p", "depth": 0'), $(
	    one p 'What do you like?' '"type": "post"')], \"labels\": $1, \"compare\": $2}"; }
unit '[{"pets": 1, "honesty": 1}, {"coherence": 1}]' '{"coherence": -1}' >"$tmp/units"
check 'units of interactions: texts' [ "$(ours units 'texts right' pets)" = 1.000 ]
check 'units of interactions: pairs' [ "$(ours units 'pairs right' pets)" = 1.000 ]
check 'criteria of pairs are those compared' [ "$(ours units 'pairs found' coherence)" = 0.000 ]
check 'not those of the texts' [ -z "$(ours units 'pairs found' honesty)" ]
cat "$tmp/units" "$tmp/real" >"$tmp/mixed"
check 'units and texts in one file' [ "$(ours mixed 'texts right' pets)" = 0.667 ]
kinds() { # of evidence, as numbers or words: claims of each kind
	$PYTHON3 -B -c 'import sys
sys.path.insert(0, sys.argv[1])
from claims import Quality
evidence = eval(sys.argv[2]); quality = Quality()
both = {"value": [50, 50, 0], "confidence": [50, 50, 0], "evidence": evidence}
quality.add_text(["music", "pets", "art"], {"pets": 1}, both)
print(*("%s %d %d" % (kind, one.claims, one.right) for kind, one in sorted(quality.texts.by_kind.items())))' \
	    "$srcdir/bench" "$1"; }
check 'by kind of evidence' [ "$(kinds '[1, 6, 0]')" = 'said 1 0 wording 1 1' ]
check 'by kind of evidence in words' [ "$(kinds '["topic", "topic", "none"]')" = 'topic 2 1' ]
echo '{"text": "x", "labels": {"cats": 1}}' >"$tmp/bad"
check 'an unknown key is located' says "bad:1: unknown key 'cats'" $mapping "$builddir" "$tmp/bad"
echo '{"interactions": [], "labels": [{}]}' >"$tmp/bad"
check 'labels without an interaction are located' says 'bad:1: expected labels for one or two' $mapping "$builddir" "$tmp/bad"
if [ -n "$ALIGNX_REALDATA" ]; then
	labelled=$ALIGNX_REALDATA/labelled
	"$PYTHON3" "$srcdir/bench/mapping" --part odd --no-speed --rules "$srcdir/schema/rules" "$builddir" "$labelled/interests.dev.tsv" \
	    "$labelled/traits.dev.tsv" "$ALIGNX_REALDATA/alignx/p-soups-student_phd.json" >"$tmp/real"
	least() { # measure, dimension, figure
		awk -F'\t' -v m="$1" -v d="$2" -v f="$3" '$1 == m && $2 == d && $4 >= f && $4 > $5 { ok = 1 } END { exit !ok }' "$tmp/real" ||
		    { grep "^$1.*$2" "$tmp/real"; false; }; }
	check 'interests: macro AUC of 0.85, and more than the word count' least interests macro 0.85
	check 'traits: macro AUC of 0.93, and more than the word count' least traits macro 0.93
	check 'P-Soups: two of three signs, and more than the word count' least agreement 'all signs' 0.67
else skip 'quality on real texts' 'ALIGNX_REALDATA is not set'; fi
done_testing
