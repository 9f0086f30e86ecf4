#!/bin/bash
# alignx-dedup --mode exact beside sort -u over the same texts, and comments
# sketched and joined a second.
. "$(dirname "$0")/lib.sh"
dump
alignx-ingest -q --source reddit-comments --key "$tmp/key" --name dump -o "$tmp/x" "$tmp/dump.ndjson"
alignx-cat "$tmp/x" | jq -c .text >"$tmp/texts"
comments=$(wc -l <"$tmp/texts")
bytes=$(stat -c %s "$tmp/x")
for threads in 1 2; do
	timed sort -u --parallel=$threads -o "$tmp/sorted" "$tmp/texts"
	sort[threads]=$seconds
done
timed alignx-dedup --mode exact -o "$tmp/exact" "$tmp/x"
exact=$seconds
hash=$(alignx-cat "$tmp/exact" | jq -c .id | sha256sum | cut -c1-16)
report 'dedup exact' "$exact" 'sort -u, 1 thread' "${sort[1]}" "$hash"
report 'dedup exact' "$exact" 'sort -u, 2 threads' "${sort[2]}" "$hash"
timed alignx-dedup -o "$tmp/near" "$tmp/x"
hash=$(alignx-cat "$tmp/near" | jq -c .id | sha256sum | cut -c1-16)
report 'dedup near' "$seconds" 'dedup exact' "$exact" "$hash"
awk -v n="$comments" -v s="$seconds" -v e="$exact" \
    'BEGIN { printf "near: %d comments sketched and joined in %.2f s: %.0f a second\n", n, s - e, n / (s - e) }'
