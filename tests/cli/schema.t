#!/bin/sh
# The JSON Schema documents, alignx-validate and python3-jsonschema.
. "${srcdir:-.}/tests/lib.sh"
cd "$srcdir" || exit 99
for kind in interaction signal intensities exchange pair record benchmark; do
	check "$kind.schema.json is up to date" sh -c "
		$builddir/schema/print_schemas $kind | diff $srcdir/schema/$kind.schema.json -"
done
for kind in interaction exchange pair record benchmark; do
	check "$kind: alignx-validate and jsonschema agree" $PYTHON3 tests/oracle/agree.py schema/$kind.schema.json $kind 400 "$tmp"
done
# JSON -> msgpack -> JSON -> msgpack is lossless
for kind in interaction exchange pair record benchmark; do
	# a benchmark row that has all parts would count as a record without its kind
	sed -n 1~3p "$tmp/$kind.jsonl" | $PYTHON3 -c "
import json, sys
for line in sys.stdin:
    print(json.dumps({'kind': '$kind', **json.loads(line)}))" >"$tmp/$kind.valid"
	alignx-cat -o "$tmp/$kind.msgpack" "$tmp/$kind.valid"
	alignx-cat "$tmp/$kind.msgpack" >"$tmp/$kind.json"
	check "$kind: there and back gives the same bytes" sh -c "alignx-cat $tmp/$kind.json | cmp - $tmp/$kind.msgpack"
	check "$kind: msgpack is valid" alignx-validate --split none "$tmp/$kind.msgpack"
	check "$kind: JSON holds the same values as the original" $PYTHON3 -c "
import json
a = [json.loads(x) for x in open('$tmp/$kind.valid')]
b = [json.loads(x) for x in open('$tmp/$kind.json')]
assert a == b and len(a) == 400"
	check "$kind: python3-msgpack reads the same values" $PYTHON3 -c "
import json, msgpack
a = list(msgpack.Unpacker(open('$tmp/$kind.msgpack', 'rb'), raw=False))
b = [json.loads(x) for x in open('$tmp/$kind.json')]
def plain(packed, name, published):
    if isinstance(packed, bytes):
        return [x / 2 for x in packed] if 'irection' in name else [x - 256 if x > 127 else x for x in packed]
    if isinstance(packed, dict):
        return {k: plain(v, k, published[k]) for k, v in packed.items()}
    if isinstance(packed, list):
        return [plain(v, name, w) for v, w in zip(packed, published, strict=True)]
    return packed
assert len(a) == 400 and all(plain(x, '', y) == y for x, y in zip(a, b))"
done
check 'the published files need no kind' sh -c "
	printf '%s' '[{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\"}]' | alignx-validate --summary | grep -q '^benchmark.1.0'"
if [ -n "${ALIGNX_REALDATA:-}" ]; then
	check 'P-Soups as released is valid' sh -c "
		alignx-validate --summary $ALIGNX_REALDATA/alignx/p-soups-student_phd.json | grep -q '^benchmark.600.0'"
	check 'P-Soups goes to msgpack and back' sh -c "
		alignx-cat $ALIGNX_REALDATA/alignx/p-soups-student_phd.json >$tmp/ps && alignx-cat $tmp/ps | alignx-cat | cmp - $tmp/ps"
else
	skip 'P-Soups as released is valid' 'ALIGNX_REALDATA is not set'
fi
done_testing
