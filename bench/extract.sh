#!/bin/bash
# alignx-extract and alignx-map beside the plain way: every pattern of every
# rule over every text (all_patterns.c), which weighs nothing, negates nothing
# and looks for no words; and beside their ceiling: 200 of the texts again and
# again, so that all words are known and all memory is near.  Also: body text
# a second, and that the prefilter changes nothing.
# usage: bench/extract.sh BUILD_FOLDER [MEBIBYTES [INTERACTIONS]]
# INTERACTIONS is a file of alignx-ingest; without it the benchmark's own dump is read,
# whose words follow each other at random, so that hardly two of them have been met before.
. "$(dirname "$0")/lib.sh"
what='extract and map'
if [ -n "${3:-}" ]; then
	cp "$3" "$tmp/x" || exit 2
	what="$what ($(basename "$3"))"
else
	dump
	alignx-ingest -q --source reddit-comments --key "$tmp/key" --name dump -o "$tmp/x" "$tmp/dump.ndjson"
	rm "$tmp/dump.ndjson"
fi

texts() { # writes the texts of interactions, each behind a zero
	alignx-cat "$1" | jq -j '.text + "\u0000"'
}

texts "$tmp/x" >"$tmp/texts"
cc -O2 -I"$build" -I"$root" -o "$tmp/all_patterns" "$bench/all_patterns.c" \
    "$build/schema/libschema.a" "$build/lib/libkit.a" -lpcre2-8 -lxxhash || exit 2
bytes=$(stat -c %s "$tmp/texts")
timed "$tmp/all_patterns" "$ALIGNX_RULES" "$tmp/texts"
all=$seconds
alignx-cat "$tmp/x" | head -n 200 | alignx-cat --to msgpack >"$tmp/few"
few=$(texts "$tmp/few" | wc -c)
for ((i = 0; i < bytes / few; i++)); do cat "$tmp/few"; done >"$tmp/again"
timed alignx-map -q --extract -o /dev/null "$tmp/again"
again=$(awk -v s="$seconds" -v n="$((bytes / few * few))" -v all="$bytes" 'BEGIN { print s * all / n }')
timed alignx-map -q --extract -o "$tmp/y" "$tmp/x"
hash=$(sha256sum <"$tmp/y" | cut -c1-16)
report "$what" "$seconds" 'all patterns' "$all" "$hash"
report "$what" "$seconds" '200 texts again and again' "$again" "$hash"
alignx-cat "$tmp/x" | head -n 20000 | alignx-cat --to msgpack >"$tmp/few"
[ "$(alignx-extract "$tmp/few" | sha256sum)" = "$(alignx-extract --prefilter none "$tmp/few" | sha256sum)" ] ||
	{ echo 'the prefilter changes the result' >&2; exit 1; }
