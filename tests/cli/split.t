#!/bin/bash
# The split: what it promises, what it costs, and that alignx-validate sees when it is broken.
. "${srcdir:-.}/tests/lib.sh"
cd "$tmp" || exit 99
$PYTHON3 "$srcdir/tests/oracle/make_mapped.py" 3 | alignx-cat | alignx-pair -o pairs
emit() { out=$1; shift; rm -rf "$out"; alignx-emit -o "$out" "$@" pairs 2>/dev/null && alignx-emit --merge -o "$out" </dev/null >/dev/null; }
split() { jq -r ".settings.split$1" "$2/manifest.json"; }
figure() { split ' | 100 * .'"$1"' / .pairs | floor' "$2"; }
emit ten
check 'a share of 0.1 gives 7 to 13 % test pairs' [ "$(figure test_pairs ten)" -ge 7 -a "$(figure test_pairs ten)" -le 13 ]
check 'and loses 15 % or less' [ "$(figure lost_pairs ten)" -lt 15 ]
check 'there are test rows' sh -c "alignx-cat ten/test/UGC | grep -q ."
check 'test rows have both histories' [ "$(alignx-cat ten/test/arbitrary | jq -r '[(."User-Generated Content" | length > 0), (."Pair-wise Comparative Feedback" | length > 0)] | all' | sort -u)" = true ]
check 'the folder keeps the promise' alignx-validate ten
alignx-cat pairs | shuf --random-source=pairs | alignx-cat -o turned
alignx-emit -o ten2 turned && alignx-emit --merge -o ten2 </dev/null >/dev/null
keys() { alignx-cat "$1" | jq -r '.provenance.split + .provenance.id' | sort | sha256sum; }
check 'the order of the input does not matter' [ "$(split .test_pairs ten) $(split .lost_pairs ten) $(keys ten)" = "$(split .test_pairs ten2) $(split .lost_pairs ten2) $(keys ten2)" ]
emit spilled --memory 64K
check '--memory 64K gives the same bytes' diff -r ten spilled
emit seeded --seed 4
check 'another seed gives another split' [ "$(keys ten)" != "$(keys seeded)" ]
emit cheap --max-loss 0.02
check '--max-loss 0.02 loses 2 % or less' [ "$(figure lost_pairs cheap)" -lt 2 ]
emit none --max-loss 0
check '--max-loss 0 loses nothing' [ "$(split .lost_pairs none)" = 0 ]
emit zero --test-share 0
check '--test-share 0: all is training data' [ "$(split .test_pairs zero) $(split .lost_pairs zero)" = '0 0' ]
for how in community time user; do
	emit $how --split $how
	check "--split $how: there is a test part" [ "$(split .test_pairs $how)" -gt 0 ]
	check "--split $how: the folder keeps its own promise" alignx-validate $how
	check "--split $how: the manifest says what it is" [ "$(split .by $how)" = $how ]
done
check 'by user: what is shared is said' [ "$(split '.shared | length' user)" = 2 ]
check 'by user: less is lost' [ "$(split .lost_pairs user)" -le "$(split .lost_pairs ten)" ]
check 'by user: it is a weaker promise' says 'of this .* record is in a .* record, too' alignx-validate --split thread user
check 'by time: users are shared' says '/provenance/texts/[0-9]*/user: the user u[0-9]* of this' alignx-validate --split thread time
parts() { for c in train test; do alignx-cat community/$c | jq -r 'select(.provenance.source == "reddit") | .provenance.texts[0].thread | sub("t3_"; "") | tonumber % 9' | sort -u >$c.communities; done; }
parts
check 'by community: no community is in both' [ -z "$(comm -12 train.communities test.communities)" ]
check 'by time: the test threads are the latest' $PYTHON3 - <<'END'
import glob, msgpack
def times(pattern):
    for path in glob.glob(pattern):
        for r in msgpack.Unpacker(open(path, "rb"), raw=False):
            if r["provenance"]["source"] == "reddit":
                yield int(r["provenance"]["texts"][0]["thread"][3:])
assert min(times("time/test/UGC/*")) > max(times("time/train/*"))
END
# in parts: decided once
alignx-shard -n 3 --by user -o shards pairs
cat shards/*.msgpack | alignx-emit --write-split decided
for k in 0 1 2; do alignx-emit --part $k --read-split decided -o parts shards/part-0000$k.msgpack; done
alignx-emit --merge -o parts </dev/null >/dev/null
check 'the parts of a data set are split as one' [ "$(split '' parts)" = "$(split '' ten)" ]
check 'the parts keep the promise' alignx-validate parts
check 'the parts have the records of one' [ "$(alignx-cat parts/train | jq -r .provenance.id | sort | sha256sum)" = "$(alignx-cat ten/train | jq -r .provenance.id | sort | sha256sum)" ]
echo x >broken
check 'a file that is no split' says 'broken: this is not a file that alignx-emit --write-split made' alignx-emit --read-split broken -o none9 pairs
{ head -3 decided; echo 12; } >broken
check 'a line that is no key' says 'broken: expected 16 hexadecimal digits' alignx-emit --read-split broken -o none9 pairs
{ head -1 decided; sed -n '3p' decided; sed -n '2p' decided; } >broken
check 'keys out of order' says 'broken: the keys are not in order' alignx-emit --read-split broken -o none9 pairs
check 'one of the two' says '--write-split goes with neither' alignx-emit --write-split a --read-split decided pairs
# a folder in use
mkdir used
check 'alignx-emit: a folder in use is refused' says 'used is in use by another run' flock used alignx-emit -o used pairs
check 'alignx-shard, too' says 'used is in use by another run' flock used alignx-shard -o used pairs
check 'but for parts of one data set' flock used alignx-emit --part 1 -o used pairs
# a folder whose promise is broken
mv ten/test/UGC/part-00000-000.msgpack a && cp ten/train/part-00000-000.msgpack b
alignx-cat b | grep '"source":"reddit"' | head -1 | jq -c '.provenance.split = "test"' | alignx-cat >>a && mv a ten/test/UGC/part-00000-000.msgpack
check 'a training record among the test records is found' says '^alignx-validate: .*/texts/0/thread: the thread t3_[0-9]* of this t' alignx-validate ten
check 'with status 1' exits 1 alignx-validate ten
check '--split none does not look' alignx-validate --split none ten
# the history says nothing on the record
emit apart
check 'records whose history says nothing on them are apart' [ "$(alignx-cat apart/uninformed | jq -r '.provenance | [.uninformed, has("agreement")] | tostring' | sort -u)" = '[true,false]' ]
check 'the others have evidence in common' [ "$(alignx-cat apart/train | jq -r '.provenance | [.uninformed, has("agreement")] | tostring' | sort -u)" = '[null,true]' ]
emit together --informed off
check '--informed off puts them together' [ ! -e together/uninformed -a "$(jq .counts.train together/manifest.json)" -gt "$(jq .counts.train apart/manifest.json)" ]
done_testing
