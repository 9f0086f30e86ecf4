#!/bin/bash
# alignx-ingest beside jq (plain text) and beside zstd -d (compressed).
. "$(dirname "$0")/lib.sh"
dump
zstd -q -3 --long=31 -o "$tmp/dump.zst" "$tmp/dump.ndjson"
timed sh -c "jq -c '{author,body,score}' $tmp/dump.ndjson >$tmp/jq.out"
jq=$seconds
timed alignx-ingest --source reddit-comments --key "$tmp/key" --name dump -o "$tmp/out" "$tmp/dump.ndjson"
hash=$(alignx-cat "$tmp/out" | sed 's/"user":"[^"]*",//' | sha256sum | cut -c1-16)
report 'ingest plain' "$seconds" jq "$jq" "$hash"
timed sh -c "zstd -dcq --long=31 $tmp/dump.zst >/dev/null"
zstd=$seconds
timed alignx-ingest --source reddit-comments --key "$tmp/key" --name dump -o "$tmp/out" "$tmp/dump.zst"
hash=$(alignx-cat "$tmp/out" | sed 's/"user":"[^"]*",//' | sha256sum | cut -c1-16)
report 'ingest zst' "$seconds" 'zstd -d' "$zstd" "$hash"
