#!/bin/bash
# alignx-map --extract: MB/s of text, relative to
# - every pattern of every rule over every text with PCRE2-JIT (all_patterns.c), which finds
#   neither words nor negations and weighs nothing;
# - its own ceiling: 200 of the texts over and over, so that all words are cached.
# Also checks that the prefilter does not change the result.
# usage: bench/extract.sh BUILD_FOLDER [MEBIBYTES [INTERACTIONS]]
# INTERACTIONS is a file of alignx-ingest; without it a synthetic dump is read, whose words are
# independent of each other, so that almost every pair of words is new.
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

texts() { # writes the texts of interactions, each ended by a NUL
	alignx-cat "$1" | jq -j '.text + "\u0000"'
}

texts "$tmp/x" >"$tmp/texts"
make -s -C "$build" bench/all_patterns || exit 2
bytes=$(stat -c %s "$tmp/texts")
timed "$build/bench/all_patterns" "$ALIGNX_RULES" "$tmp/texts"
all=$seconds
alignx-cat "$tmp/x" | head -n 200 | alignx-cat --to msgpack >"$tmp/few"
few=$(texts "$tmp/few" | wc -c)
for ((i = 0; i < bytes / few; i++)); do cat "$tmp/few"; done >"$tmp/again"
timed alignx-map -q --extract -o /dev/null "$tmp/again"
again=$(awk -v s="$seconds" -v n="$((bytes / few * few))" -v all="$bytes" 'BEGIN { print s * all / n }')
timed alignx-map -q --extract -o "$tmp/y" "$tmp/x"
hash=$(sha256sum <"$tmp/y" | cut -c1-16)
report "$what" "$seconds" 'all patterns' "$all" "$hash"
report "$what" "$seconds" '200 texts, repeated' "$again" "$hash"
alignx-cat "$tmp/x" | head -n 20000 | alignx-cat --to msgpack >"$tmp/few"
[ "$(alignx-extract "$tmp/few" | sha256sum)" = "$(alignx-extract --prefilter none "$tmp/few" | sha256sum)" ] ||
	{ echo 'the prefilter changes the result' >&2; exit 1; }
