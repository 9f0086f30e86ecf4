#!/bin/sh
# bench/mapping: its figures, worked out by hand on a few rows.
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
check 'by the worse figure' grep -q '^| 59 | pets | 0.75 | 1.00 | .* | fair |$' "$tmp/table"
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
if [ -n "$ALIGNX_REALDATA" ]; then
	labelled=$ALIGNX_REALDATA/labelled
	"$PYTHON3" "$srcdir/bench/mapping" --part odd --no-speed --rules "$srcdir/schema/rules" "$builddir" "$labelled/interests.dev.tsv" \
	    "$labelled/traits.dev.tsv" "$ALIGNX_REALDATA/alignx/p-soups-student_phd.json" >"$tmp/real"
	least() { # measure, dimension, figure
		awk -F'\t' -v m="$1" -v d="$2" -v f="$3" '$1 == m && $2 == d && $4 >= f && $4 > $5 { ok = 1 } END { exit !ok }' "$tmp/real" ||
		    { grep "^$1.*$2" "$tmp/real"; false; }; }
	check 'interests: macro AUC of 0.85, and more than the word count' least interests macro 0.85
	check 'traits: macro AUC of 0.88, and more than the word count' least traits macro 0.88
	check 'P-Soups: three of four signs, and more than the word count' least agreement 'all signs' 0.75
else skip 'quality on real texts' 'ALIGNX_REALDATA is not set'; fi
done_testing
