#!/bin/sh
# alignx-pair and alignx-emit against rules worked out again in Python.
. "${srcdir:-.}/tests/lib.sh"
cd "$srcdir" || exit 99
oracle=tests/oracle
$PYTHON3 $oracle/make_mapped.py 7 | alignx-cat -o "$tmp/x"
check 'made-up interactions are valid' alignx-validate "$tmp/x"
check 'pairing succeeds' alignx-pair -o "$tmp/pairs" --dead-zone 0.2 --max-ratio 3 "$tmp/x"
check 'exchanges and pairs are valid' alignx-validate "$tmp/pairs"
check 'pairs follow the rules' $PYTHON3 $oracle/check_pairs.py "$tmp/x" "$tmp/pairs" 0.2 3
alignx-pair --memory 64K --dead-zone 0.2 --max-ratio 3 -o "$tmp/small" "$tmp/x"
check '--memory 64K gives the same bytes' cmp "$tmp/pairs" "$tmp/small"
alignx-cat "$tmp/x" | shuf --random-source="$tmp/x" | alignx-cat | alignx-pair --dead-zone 0.2 --max-ratio 3 -o "$tmp/turned"
check 'the order of the input does not matter' cmp "$tmp/pairs" "$tmp/turned"
alignx-pair --seed 1 --dead-zone 0.2 --max-ratio 3 -o "$tmp/other" "$tmp/x"
check 'another seed gives other pairs' sh -c "! cmp -s $tmp/pairs $tmp/other"
alignx-pair --both-orders -o "$tmp/both" "$tmp/x"
both() { alignx-cat -k pair "$tmp/both" | $PYTHON3 -c '
import json, sys
d = {}
for line in sys.stdin:
    p = json.loads(line)
    d[p["first"]["id"], p["second"]["id"]] = p["direction"]
assert d and all(d[b, a] == [1 - x for x in v] for (a, b), v in d.items())'; }
check '--both-orders writes every pair swapped, too' both
alignx-pair --by-score --later -o "$tmp/shp" "$tmp/x"
shp() { alignx-cat -k pair "$tmp/shp" | $PYTHON3 -c '
import json, sys
n = 0
for line in sys.stdin:
    p = json.loads(line)
    if p["source"] == "reddit":
        n += 1
        assert p["first"]["score"] > p["second"]["score"] and p["first"]["created"] > p["second"]["created"]
assert n > 100'; }
check '--by-score --later control score and time as SHP does' shp
check 'an interaction without intensities is refused with the cure' says 'run it through alignx-map first' sh -c '
	printf "%s" "{\"kind\":\"interaction\",\"version\":1,\"id\":\"a\",\"source\":\"reddit\",\"type\":\"comment\",\"post\":\"b\",\"text\":\"c\",\"place\":{\"file\":\"f\",\"byte\":0,\"line\":1}}" | alignx-cat | alignx-pair -o $tmp/none'
for mode in author matched; do
	check "$mode: records are made" alignx-emit -p $mode --test-share 0.3 -o "$tmp/$mode" "$tmp/pairs"
	check "$mode: the manifest is merged" sh -c "alignx-emit --merge -o $tmp/$mode </dev/null"
	check "$mode: records are valid" sh -c "alignx-validate --kind record $tmp/$mode/train/* $tmp/$mode/test/*/*"
	check "$mode: records follow the rules" $PYTHON3 $oracle/check_records.py "$tmp/$mode" "$tmp/x" $mode
	alignx-emit -p $mode --test-share 0.3 --memory 64K -o "$tmp/again" "$tmp/pairs"
	alignx-emit --merge -o "$tmp/again" </dev/null >/dev/null
	check "$mode: --memory 64K gives the same bytes" diff -r "$tmp/$mode" "$tmp/again"
	rm -r "$tmp/again"
done
check 'after -n records a new file is started' sh -c "alignx-emit -n 10 -o $tmp/turn $tmp/pairs && [ -f $tmp/turn/train/part-00000-001.msgpack ]"
check '--compress zstd writes valid files' sh -c "alignx-emit --compress zstd -o $tmp/z $tmp/pairs && alignx-validate $tmp/z/train/*.zst"
check 'the wrong kind is refused' says 'expected an exchange or a pair' alignx-emit -o "$tmp/w" "$tmp/x"
alignx-emit --part 3 -o "$tmp/parts" "$tmp/pairs"
find "$tmp/parts" -type f | sort | xargs sha256sum >"$tmp/before"
check 'a folder with files of the same part is refused with 2' exits 2 alignx-emit --part 3 --test-share 0.5 -o "$tmp/parts" "$tmp/pairs"
check 'the refusal names the cure' says 'parts/manifest/part-00003.json is from an earlier run; .*name another folder' \
    alignx-emit --part 3 -o "$tmp/parts" "$tmp/pairs"
unchanged() { find "$tmp/parts" -type f | sort | xargs sha256sum | cmp - "$tmp/before"; }
check 'the files of the earlier run are unchanged' unchanged
check 'another part may be added' alignx-emit --part 4 -o "$tmp/parts" "$tmp/pairs"
check 'two parts are merged into one manifest' sh -c "alignx-emit --merge -o $tmp/parts </dev/null && grep -q '\"parts\":2' $tmp/parts/manifest.json"
rm "$tmp/parts/manifest/part-00004.json"
check 'records that an interrupted run left behind are refused, too' exits 2 alignx-emit --part 4 -o "$tmp/parts" "$tmp/pairs"
done_testing
