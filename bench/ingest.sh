#!/bin/bash
# alignx-ingest compared with jq (plain text) and with zstd -d (compressed).  Output goes to
# /dev/null, so that the disk is not measured.
. "$(dirname "$0")/lib.sh"
dump
zstd -q -3 --long=31 -o "$tmp/dump.zst" "$tmp/dump.ndjson"
ingest() { timed alignx-ingest --source reddit-comments --key "$tmp/key" -o /dev/null "$1"; }
hash_of() {
	alignx-ingest --source reddit-comments --key "$tmp/key" --name dump "$1" |
		alignx-cat | sed 's/"user":"[^"]*",//' | sha256sum | cut -c1-16
}
timed sh -c "jq -c '{author,body,score}' $tmp/dump.ndjson >/dev/null"
jq=$seconds
ingest "$tmp/dump.ndjson"
report 'ingest plain' "$seconds" jq "$jq" "$(hash_of "$tmp/dump.ndjson")"
timed sh -c "zstd -dcq --long=31 $tmp/dump.zst >/dev/null"
zstd=$seconds
ingest "$tmp/dump.zst"
report 'ingest zst' "$seconds" 'zstd -d' "$zstd" "$(hash_of "$tmp/dump.zst")"
