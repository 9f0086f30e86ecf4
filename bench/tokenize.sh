#!/bin/bash
# How fast comments become tokens, by one core, for each vocabulary in a folder.
# usage: bench/tokenize.sh BUILD_FOLDER [MEBIBYTES [VOCABULARIES [COMMENTS]]]
# VOCABULARIES is a folder of GGUF files, COMMENTS a zstd dump of comments; without
# them the benchmark's own dump is tokenised with a vocabulary of tests/oracle.  The
# ceiling is the time that cutting the texts into words takes alone.
. "$(dirname "$0")/lib.sh"
vocabularies=${3:-} comments=${4:-}
# shellcheck disable=SC2046
cc -O2 -I"$build" -I"$root" -o "$tmp/tokenize" "$bench/tokenize.c" "$build/infer/libinfer.a" "$build/lib/libkit.a" \
    $(pkg-config --libs simdjson libpcre2-8 libxxhash libutf8proc libsodium) -lstdc++ -lm || exit 2
if [ -n "$comments" ]; then
	zstd -dcq --long=31 "$comments" >"$tmp/dump.ndjson"
else
	dump
fi
jq -j '(.body // .selftext // "") + "\u0000"' "$tmp/dump.ndjson" | head -c $((mebibytes << 20)) >"$tmp/texts"
printf '\0' >>"$tmp/texts"
bytes=$(stat -c %s "$tmp/texts")
if [ -z "$vocabularies" ]; then
	vocabularies=$tmp
	python3 "$root/tests/oracle/make_model.py" llama "$tmp/llama.gguf"
fi
for v in "$vocabularies"/*.gguf; do
	read -r seconds _ hash ceiling <<<"$("$tmp/tokenize" "$v" "$tmp/texts")"
	kib=0
	report "tokenize $(basename "$v" .gguf)" "$seconds" 'cutting into words' "$ceiling" "$hash"
done
