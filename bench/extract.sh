#!/bin/bash
# alignx-extract and alignx-map beside the plain way: every pattern of every
# rule over every text (all_patterns.c), which weighs nothing, negates nothing
# and looks for no words.  Also: body text a second, and that the prefilter
# changes nothing.
. "$(dirname "$0")/lib.sh"
dump
alignx-ingest -q --source reddit-comments --key "$tmp/key" --name dump -o "$tmp/x" "$tmp/dump.ndjson"
rm "$tmp/dump.ndjson"
alignx-cat "$tmp/x" | jq -j '.text + "\u0000"' >"$tmp/texts"
cc -O2 -I"$build" -I"$root" -o "$tmp/all_patterns" "$bench/all_patterns.c" \
    "$build/schema/libschema.a" "$build/lib/libkit.a" -lpcre2-8 -lxxhash || exit 2
bytes=$(stat -c %s "$tmp/texts")
timed "$tmp/all_patterns" "$ALIGNX_RULES" "$tmp/texts"
all=$seconds
timed alignx-map -q --extract -o "$tmp/y" "$tmp/x"
hash=$(sha256sum <"$tmp/y" | cut -c1-16)
report 'extract and map' "$seconds" 'all patterns' "$all" "$hash"
alignx-cat "$tmp/x" | head -n 20000 | alignx-cat --to msgpack >"$tmp/few"
[ "$(alignx-extract "$tmp/few" | sha256sum)" = "$(alignx-extract --prefilter none "$tmp/few" | sha256sum)" ] ||
	{ echo 'the prefilter changes the result' >&2; exit 1; }
