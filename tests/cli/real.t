#!/bin/bash
# Real dumps and data sets through the whole pipeline.
. "${srcdir:-.}/tests/lib.sh"
if [ -z "${ALIGNX_REALDATA:-}" ]; then
	skip 'real dumps' 'ALIGNX_REALDATA is not set'
	done_testing
	exit
fi
real=$ALIGNX_REALDATA
ingest() { alignx-ingest -q --key "$tmp/key" --source "$1" -o "$tmp/$3" "$2"; [ $? -le 1 ]; }
records() { # name, test share
	alignx-extract "$tmp/$1" | alignx-map | alignx-dedup | alignx-pair |
	    alignx-emit --test-share "$2" -o "$tmp/$1.out" && alignx-emit --merge -o "$tmp/$1.out" </dev/null
}
valid_records() { find "$tmp/$1.out" -name '*.msgpack' -print0 | xargs -0 alignx-validate --summary | grep -q '^record'; }
for dump in "reddit-comments pushshift/RC_2005-12.zst RC" "reddit-submissions pushshift/AskMen_submissions.zst RS" \
    "hh-rlhf hh-rlhf/harmless-base.test.jsonl.gz hh" "ultrafeedback ultrafeedback/train_clean.jsonl uf" \
    "oasst oasst/en_100_tree.jsonl oa" "oasst oasst/en_100_message.jsonl om"; do
	set -- $dump
	check "$2 is read" ingest "$1" "$real/$2" "$3"
	check "$2: the interactions are valid" alignx-validate "$tmp/$3"
done
check 'P-Soups is read' ingest p-soups "$real/alignx/p-soups-student_phd.json" ps
check 'P-Soups: all 600 rows are valid' sh -c "alignx-validate --summary $tmp/ps | grep -q '^benchmark.600.0'"
count_lines() { [ "$(alignx-cat "$tmp/RC" | wc -l)" -gt 800 ]; }
check 'RC_2005-12 yields most of its 1,075 comments' count_lines
traced() { $PYTHON3 - "$tmp/RC" "$real/pushshift/RC_2005-12.zst" <<'END'
import json, subprocess, sys
import msgpack
plain = subprocess.run(["zstd", "-dcq", "--long=31", sys.argv[2]], capture_output=True, check=True).stdout
lines = plain.split(b"\n")
n = 0
for x in msgpack.Unpacker(open(sys.argv[1], "rb"), raw=False):
    at = x["place"]["byte"]
    row = json.loads(plain[at:plain.index(b"\n", at)])
    assert row == json.loads(lines[x["place"]["line"] - 1]) and x["id"] == "t1_" + row["id"]
    assert x["post"] == row["link_id"] and x["score"] == row["score"]
    assert row["author"] not in x["user"]
    n += 1
assert n > 800
END
}
check 'the place of every interaction is its byte in the dump' traced
for set in uf hh; do
	check "$set: records come out" records $set 0
	check "$set: the records are valid" valid_records $set
done
check 'RC_2005-12: the pairs are valid' sh -c "alignx-extract $tmp/RC | alignx-map | alignx-dedup | alignx-pair | alignx-validate"
done_testing
