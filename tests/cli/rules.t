#!/bin/sh
# The installed rules do what their examples say, and cover all dimensions.
. "${srcdir:-.}/tests/lib.sh"
rules=$srcdir/schema/rules
check 'all examples of all rules hold' alignx-extract --check --rules "$rules"
check 'all examples hold without a prefilter' alignx-extract --check --prefilter none --rules "$rules"
check 'all examples of the small rules hold' alignx-extract --check --rules "$srcdir/data-samples/rules"
check 'a check that finds no fault prints how many rules and examples there are' [ "$(alignx-extract --check --rules "$rules")" = \
    "$(cat "$rules"/*.rules | grep -c '^rule ') rules, $(cat "$rules"/*.rules | grep -cE '^(match|reject) ') examples" ]
mkdir "$tmp/one" && cp "$srcdir/data-samples/rules/small.rules" "$tmp/one"
check 'a check needs no weights.tsv' alignx-extract --check --rules "$tmp/one"
check 'mapping needs one, and says where' says 'one/weights.tsv: No such file' alignx-map --extract --rules "$tmp/one" -o "$tmp/none" /dev/null
printf 'rule\tneed.nobody\t1\n' >"$tmp/one/weights.tsv"
check 'one that is there must be in order' exits 2 alignx-extract --check --rules "$tmp/one"
cure='/lost[^ ]*: No such file or directory; set ALIGNX_RULES, or name a folder with -r$'
for prog in alignx-extract 'alignx-map --extract' alignx-map; do
	check "$prog: a missing folder of rules is reported with the cure" says "$cure" $prog -r "$tmp/lost" -o "$tmp/none" /dev/null
	check "$prog: so is one that ALIGNX_RULES names" says "$cure" env ALIGNX_RULES="$tmp/lost" $prog -o "$tmp/none" /dev/null
done
alignx-extract --list --rules "$rules" >"$tmp/list"
grep -v '^#' "$srcdir/schema/dimensions.tsv" | cut -f2 >"$tmp/dimensions"
all_dimensions() { for d in $(grep -v '^communication-style$' "$tmp/dimensions"); do
	awk -v d="$d" '$2 == d { found = 1 } END { exit !found }' "$tmp/list" || { echo "$d has no rule"; bad=1; }; done; [ -z "$bad" ]; }
check 'every dimension has a rule, but communication-style, which length alone shows' all_dimensions
families() { for f in disclosure need trait stance topic behaviour; do
	grep -q "^$f\." "$tmp/list" || { echo "no rule of the family $f"; bad=1; }; done; [ -z "$bad" ]; }
check 'every family but style has rules' families
stances() { "$PYTHON3" "$srcdir/tests/oracle/check_stances.py" |
	alignx-ingest -q --source generic --field id=/id --field text=/text --min-chars 1 |
	alignx-extract --rules "$rules" | alignx-map --rules "$rules" -m none | alignx-cat >"$tmp/stances" &&
	"$PYTHON3" "$srcdir/tests/oracle/check_stances.py" "$tmp/stances"; }
check 'all interests: liked, disliked, reported of others' stances
same() { # texts...: with and without a prefilter come to the same bytes
	"$PYTHON3" "$srcdir/tests/oracle/make_texts.py" "$rules" "$@" | alignx-cat -o "$tmp/texts" &&
	    alignx-extract --rules "$rules" "$tmp/texts" -o "$tmp/auto" &&
	    alignx-extract --rules "$rules" --prefilter none "$tmp/texts" -o "$tmp/none" &&
	    cmp "$tmp/auto" "$tmp/none" && alignx-validate "$tmp/auto"; }
check 'the same with and without a prefilter' same
if [ -n "$ALIGNX_REALDATA" ]; then
	head -8000 "$ALIGNX_REALDATA/goemotions/train.tsv" >"$tmp/real"
	cut -f3 "$ALIGNX_REALDATA/labelled/interests.dev.tsv" | awk 'NR % 4 == 0' >>"$tmp/real"
	check 'the same on real texts' same "$tmp/real"
else skip 'the same on real texts' 'ALIGNX_REALDATA is not set'; fi
done_testing
