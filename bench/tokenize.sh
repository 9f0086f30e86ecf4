#!/bin/bash
# Speed of the tokenizer on comments, one core.
# usage: bench/tokenize.sh BUILD_FOLDER [MEBIBYTES [VOCABULARIES [COMMENTS]]]
# VOCABULARIES is a folder of GGUF files, COMMENTS a zstd dump of comments (default: the
# benchmark's own dump).  The peer is spm_encode of Debian's sentencepiece, if installed,
# with models of 8,000 pieces that spm_train makes of the texts; for vocabularies that
# it cannot read, the ceiling of splitting the texts into words alone.
. "$(dirname "$0")/lib.sh"
vocabularies=${3:-} comments=${4:-}
make -s -C "$build" bench/tokenize || exit 2
if [ -n "$comments" ]; then
	zstd -dcq --long=31 "$comments" >"$tmp/dump.ndjson"
else
	dump
fi
jq -r '(.body // (.title + " " + .selftext)) | gsub("\\s+"; " ")' "$tmp/dump.ndjson" | head -c $((mebibytes << 20)) >"$tmp/lines"
rm "$tmp/dump.ndjson"
tr '\n' '\0' <"$tmp/lines" >"$tmp/texts"
printf '\0' >>"$tmp/texts"
bytes=$(stat -c %s "$tmp/texts") kib=0
for v in "$vocabularies"/*.gguf; do
	[ -f "$v" ] || continue
	read -r seconds _ hash ceiling <<<"$("$build/bench/tokenize" "$v" "$tmp/texts")"
	report "tokenize $(basename "$v" .gguf)" "$seconds" 'cutting into words' "$ceiling" "$hash"
done
command -v spm_train >/dev/null || exit 0
for kind in bpe unigram; do
	mkdir "$tmp/$kind"
	head -c 4000000 "$tmp/lines" >"$tmp/train"
	spm_train --input="$tmp/train" --model_prefix="$tmp/$kind/tokenizer" --model_type=$kind --vocab_size=8000 \
	    --byte_fallback=true --num_threads=1 --minloglevel=2 >/dev/null 2>&1
	timed spm_encode --model="$tmp/$kind/tokenizer.model" --output_format=id --output="$tmp/ids" "$tmp/lines"
	peer=$seconds kib=0
	read -r seconds _ hash _ <<<"$("$build/bench/tokenize" "$tmp/$kind" "$tmp/texts")"
	report "tokenize SentencePiece $kind" "$seconds" spm_encode "$peer" "$hash"
done
