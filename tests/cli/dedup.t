#!/bin/bash
# alignx-dedup and alignx-shard against rules worked out again in Python.
. "${srcdir:-.}/tests/lib.sh"
oracle=$srcdir/tests/oracle
$PYTHON3 "$oracle/make_copies.py" 3 >"$tmp/x.jsonl"
alignx-cat -o "$tmp/x" "$tmp/x.jsonl"
for mode in exact near; do
	check "$mode: runs without faults" alignx-dedup --mode $mode --survivors "$tmp/told" -o "$tmp/$mode" "$tmp/x"
	alignx-cat "$tmp/$mode" >"$tmp/$mode.jsonl"
	check "$mode: follows the rules" $PYTHON3 "$oracle/check_copies.py" "$tmp/x.jsonl" "$tmp/$mode.jsonl" "$tmp/told" $mode
done
alignx-dedup -j 4 -o "$tmp/four" "$tmp/x"
check 'four threads give the same bytes' cmp "$tmp/near" "$tmp/four"
alignx-dedup --memory 64K -o "$tmp/small" "$tmp/x"
check '--memory 64K gives the same bytes' cmp "$tmp/near" "$tmp/small"
alignx-dedup <"$tmp/x" -o "$tmp/piped"
check 'a pipe gives the same bytes' cmp "$tmp/near" "$tmp/piped"
shuf --random-source="$tmp/x" "$tmp/x.jsonl" | alignx-cat | alignx-dedup --mode exact -o "$tmp/turned"
check 'the same texts are kept whatever their order' sh -c "
	alignx-cat $tmp/turned | sort >$tmp/a; alignx-cat $tmp/exact | sort | cmp - $tmp/a"
check '--min-jaccard 1 drops exact duplicates alone' sh -c "
	alignx-dedup --min-jaccard 1 -o $tmp/verified $tmp/x && [ \$(alignx-cat $tmp/verified | wc -l) -eq \$(alignx-cat $tmp/exact | wc -l) ]"
check '--verify, the older spelling, is accepted' sh -c "alignx-dedup --verify 1 $tmp/x | cmp - $tmp/verified"
check '--min-jaccard 0.6 drops the near duplicates' sh -c "
	alignx-dedup --min-jaccard 0.6 -o $tmp/verified $tmp/x && [ \$(alignx-cat $tmp/verified | wc -l) -le 360 ]"
# in three runs: sign, decide, drop
alignx-dedup --sign "$tmp/sign" "$tmp/x" >"$tmp/same"
check '--sign passes all on' cmp "$tmp/same" "$tmp/x"
alignx-dedup --decide "$tmp/sign" -o "$tmp/drops"
alignx-dedup --drop "$tmp/drops" "$tmp/x" -o "$tmp/left"
check 'three runs drop what one run drops' cmp "$tmp/left" "$tmp/near"
head -200 "$tmp/x.jsonl" | alignx-cat | alignx-dedup --sign "$tmp/s1" >/dev/null
tail -n +201 "$tmp/x.jsonl" | alignx-cat | alignx-dedup --sign "$tmp/s2" >/dev/null
check 'signatures of two files are those of one' sh -c "cat $tmp/s2 $tmp/s1 | alignx-dedup --decide | cmp - $tmp/drops"
alignx-dedup --mode exact --sign "$tmp/se" "$tmp/x" >/dev/null
check 'exact duplicates, too' sh -c "alignx-dedup --decide $tmp/se -o $tmp/de && alignx-dedup --drop $tmp/de $tmp/x | cmp - $tmp/exact"
check '--memory 64K decides the same' sh -c "alignx-dedup --decide --memory 64K $tmp/sign | cmp - $tmp/drops"
post() { for i in 1 2 3; do jq -cn --arg i "$i" '{kind: "interaction", version: 1, id: ("t3_" + $i), source: "reddit", type: "post", post: ("t3_" + $i), text: "\nDaily discussion", place: {file: "f", byte: 0, line: 1}}'; done; }
check 'posts with the same text stay' [ "$(post | alignx-cat | alignx-dedup | alignx-cat | wc -l)" = 3 ]
say() { jq -cn --arg u "$1" --arg p "$2" --arg t "$3" '{kind: "interaction", version: 1, id: ($u + $p), source: "reddit", type: "comment", post: $p, user: $u, text: $t, place: {file: "f", byte: 0, line: 1}}'; }
said() { alignx-cat | tee "$tmp/said.mp" | alignx-dedup --sign "$tmp/ss" >/dev/null; alignx-dedup --decide "$tmp/ss" -o "$tmp/ds"; alignx-dedup --drop "$tmp/ds" "$tmp/said.mp" | alignx-cat | jq -r .id | tr '\n' ' '; }
check 'a text that its user wrote under three posts is spam' [ "$({ say a p1 'Buy it here'; say a p2 'buy it  here'; say a p3 'Buy it here'; say b p1 'Hello there'; } | said)" = 'bp1 ' ]
check 'under two it is a duplicate' [ "$({ say a p1 'Buy it here'; say a p2 'Buy it here'; } | said | wc -w)" = 1 ]
check 'of three users it is a duplicate' [ "$({ say a p1 'Happy birthday'; say b p2 'Happy birthday'; say c p3 'Happy birthday'; } | said | wc -w)" = 1 ]
check 'a comment that is in two dumps is one copy' [ "$({ say a p1 'Buy it here'; say a p2 'Buy it here'; say a p1 'Buy it here'; say a p2 'Buy it here'; } | said | tr ' ' '\n' | sort -u | grep -c .)" = 1 ]
check 'a file that is no signature' says 'this was not written by alignx-dedup --sign' alignx-dedup --decide "$tmp/x"
check 'a file that is no list' says 'not a list that alignx-dedup --decide made' alignx-dedup --drop "$tmp/x.jsonl" "$tmp/x" -o "$tmp/none"
check 'three runs, not one' says '^alignx-dedup: --sign, --decide and --drop are three runs' alignx-dedup --sign "$tmp/a" --drop "$tmp/b" "$tmp/x" -o "$tmp/none"
# texts of a bot: 200,000 near duplicates must not be compared pairwise
$PYTHON3 -c "
import msgpack, sys
for i in range(200000):
    sys.stdout.buffer.write(msgpack.packb({'kind': 'interaction', 'version': 1, 'id': 'b%d' % i, 'source': 'reddit',
        'type': 'comment', 'post': 'p%d' % i, 'created': i, 'text': 'I am a bot and this action was performed automatically please contact the moderators of this place if you have any questions or concerns number %d' % (i % 50000),
        'place': {'file': 'f', 'byte': i, 'line': i + 1}}))" >"$tmp/bots"
check '200,000 near duplicates are joined within a minute' timeout 60 alignx-dedup -o "$tmp/few" "$tmp/bots"
check 'fewer than 100 of them are kept' sh -c "[ \$(alignx-cat $tmp/few | wc -l) -lt 100 ]"
check 'the earliest is kept' sh -c "alignx-cat $tmp/few | head -1 | grep -q '\"id\":\"b0\"'"
check 'benchmark rows are deduplicated, too' sh -c "alignx-cat $samples/good-benchmark.jsonl | tee $tmp/one | cat - $tmp/one | alignx-dedup | alignx-cat | wc -l | grep -qx 2"

check 'splitting by post succeeds' alignx-shard -n 7 --by post -o "$tmp/shards" "$tmp/x"
all_once() { alignx-cat "$tmp"/shards/part-*.msgpack | sort >"$tmp/a"; alignx-cat "$tmp/x" | sort | cmp - "$tmp/a"; }
check 'every message is in exactly one shard' all_once
one_place() { for i in "$tmp"/shards/part-*; do alignx-cat "$i" | grep -o '"post":"[^"]*"' | sort -u; done | sort | uniq -d | grep -c . | grep -qx 0; }
check 'no post is in two shards' one_place
check '-n 7 writes seven files, even if some are empty' sh -c "[ \$(ls $tmp/shards | wc -l) -eq 7 ]"
alignx-shard -n 7 --by post --seed 5 -o "$tmp/other" "$tmp/x"
check 'another seed gives other shards' sh -c "! cmp -s $tmp/shards/part-00000.msgpack $tmp/other/part-00000.msgpack"
check '--compress zstd writes valid files' sh -c "alignx-shard -n 2 --compress zstd -o $tmp/z $tmp/x && alignx-validate $tmp/z/*.zst"
check 'one message, 4096 shards: 4096 files' sh -c "head -1 $tmp/x.jsonl | alignx-cat | alignx-shard -n 4096 -o $tmp/wide && [ \$(ls $tmp/wide | wc -l) -eq 4096 ]"
done_testing
