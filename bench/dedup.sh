#!/bin/bash
# alignx-dedup --mode exact compared with sort -u, and comments sketched a second.
# Two peers: sort of the texts alone, which loses their records, and sort of lines
# "text TAB record as JSON" by text, which keeps one record each, as alignx-dedup does.
. "$(dirname "$0")/lib.sh"
dump
alignx-ingest -q --source reddit-comments --key "$tmp/key" --name dump -o "$tmp/x" "$tmp/dump.ndjson"
rm "$tmp/dump.ndjson"
alignx-cat "$tmp/x" | jq -c .text >"$tmp/texts"
alignx-cat "$tmp/x" | jq -r '[(.text | @json), @json] | join("\t")' >"$tmp/lines"
bytes=$(stat -c %s "$tmp/x")
timed sort -u --parallel=1 -o "$tmp/sorted" "$tmp/texts"
texts=$seconds
timed sort -u -t "$(printf '\t')" -k1,1 --parallel=1 -o "$tmp/sorted" "$tmp/lines"
lines=$seconds
timed alignx-dedup --mode exact -o "$tmp/exact" "$tmp/x"
hash=$(alignx-cat "$tmp/exact" | jq -c .id | sha256sum | cut -c1-16)
report 'dedup exact' "$seconds" 'sort -u of texts' "$texts" "$hash"
report 'dedup exact' "$seconds" 'sort -u of records by text' "$lines" "$hash"
exact=$seconds
timed alignx-dedup -o "$tmp/near" "$tmp/x"
hash=$(alignx-cat "$tmp/near" | jq -c .id | sha256sum | cut -c1-16)
report 'dedup near' "$seconds" 'dedup exact' "$exact" "$hash"
near=$seconds
make -s -C "$build" bench/sign || exit 2
bytes=$(stat -c %s "$tmp/texts")
read -r _ _ signed _ _ rate _ _ _ hash < <("$build/bench/sign" "$tmp/texts")
report "signing at $rate texts a second" "$(awk -v n="$signed" -v r="$rate" 'BEGIN { printf "%.3f", n / r }')" \
    'dedup near' "$near" "$hash"
