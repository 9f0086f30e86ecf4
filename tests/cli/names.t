#!/bin/bash
# Names of accounts in real threads: none is left in a text.
. "${srcdir:-.}/tests/lib.sh"
rename="$PYTHON3 $srcdir/tests/tools/rename_authors.py"
texts() { alignx-ingest -q -s reddit --min-chars 1 --max-chars 1000000 --keep-bots --over-18 "$@" | alignx-cat | jq -r .text; }
for seed in 1 2 3; do
	if [ -z "${ALIGNX_REALDATA:-}" ]; then
		skip "no account of real threads is named (names of seed $seed)" 'ALIGNX_REALDATA is not set'
		continue
	fi
	$rename make $seed "$ALIGNX_REALDATA"/threads/*.zst >"$tmp/threads"
	texts --no-scrub "$tmp/threads" >"$tmp/whole"
	texts "$tmp/threads" >"$tmp/texts"
	mentions=$($rename left $seed "$ALIGNX_REALDATA"/threads/*.zst <"$tmp/whole" | wc -l)
	check "the threads name accounts: $mentions lines (seed $seed)" [ "$mentions" -gt 100 ]
	check "no account of real threads is named (names of seed $seed)" sh -c "$rename left $seed $ALIGNX_REALDATA/threads/*.zst <$tmp/texts"
done
done_testing
