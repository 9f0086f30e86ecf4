#!/bin/bash
# alignx-ingest: options, keys and pseudonyms, counts, second opinions, memory.
. "${srcdir:-.}/tests/lib.sh"
cd "$tmp" || exit 99
ingest() { alignx-ingest "$@"; }
row() { # id author body [more]
	printf '{"id":"%s","author":"%s","body":"%s","link_id":"t3_a","parent_id":"t3_a"%s}\n' "$1" "$2" "$3" "${4:-}"
}
row c1 Ann 'A comment that is long enough.' >two
row c2 Bob 'And so is this one, by another.' >>two
users() { alignx-cat "$1" | sed 's/.*"user":"\([^"]*\)".*/\1/'; }

check 'no --source is told, with 2' exits 2 ingest two
check 'it says which option is missing' says '--source must say' ingest two
check 'an unknown source is told, with 2' exits 2 ingest -s usenet two
check '--min-chars above --max-chars is told' says 'is more than --max-chars' ingest -s reddit --min-chars 9 --max-chars 8 two
check 'generic without a text is told' says 'text=/json/pointer' ingest -s generic two
check 'a field that is none is told' says "found 'colour=/a'" ingest -s generic --field text=/body --field colour=/a two
check 'a pointer that is none is told' says 'begins with a slash' ingest -s generic --field text=body two
check 'a list that is not there is told, with 2' exits 2 ingest -s reddit --forget nowhere two

# keys
ingest -s reddit --key one/key two -o a; ingest -s reddit --key one/key two -o b
ingest -s reddit --key other two -o c
check 'a key is made for its owner alone' [ "$(stat -c %a:%s one/key)" = 600:32 ]
check 'the same key gives the same bytes' cmp a b
differ() { [ "$(users a)" != "$(users c)" ]; }
check 'another key gives other pseudonyms' differ
check 'without --key it is in XDG_DATA_HOME' sh -c "XDG_DATA_HOME=$tmp/xdg alignx-ingest -s reddit two -o d && [ -s xdg/alignx/key ]"
chmod 644 other
check 'a key that others can read is refused' says 'chmod 600' ingest -s reddit --key other two
check 'and ends with 2' exits 2 ingest -s reddit --key other two
for i in 1 2 3 4 5 6 7 8; do ingest -s reddit --key race/key two -o race.$i & done; wait
alike() { for i in 2 3 4 5 6 7 8; do cmp race.1 race.$i || return 1; done; }
check 'programs that start together make one key' alike
check 'data without authors needs no key' sh -c "echo '{\"a\":\"text\"}' | env -u HOME -u XDG_DATA_HOME alignx-ingest -s generic --field text=/a"

# what the service escaped
row c3 Ann 'R&amp;D &lt;3 &gt; all &amp;amp; more&amp;nbsp;of it' >escaped
printf '%s\n' '{"id":"p1","author":"Ann","title":"Q&amp;A","selftext":"a &gt; b","created_utc":1}' >post
check 'escapes of HTML are undone, once' [ "$(ingest -s reddit --key one/key escaped | alignx-cat | jq -r .text)" = 'R&D <3 > all &amp; more of it' ]
check 'in posts too' [ "$(ingest -s reddit --key one/key --min-chars 1 post | alignx-cat | jq -c .text)" = '"a > b\nQ&A"' ]

# lists
printf '%s\n' '# comment' 'u/ANN' >forget
check '--forget takes u/names in any case' sh -c "[ \$(alignx-ingest -s reddit --forget forget two | alignx-cat | grep -c c2) -eq 1 ]"
echo 'Bo*' >bots
check '--bots names another list' sh -c "[ \$(alignx-ingest -s reddit --bots bots two | alignx-cat | grep -c 't1_c1') -eq 1 ]"
check '--keep-bots keeps them all' sh -c "[ \$(alignx-ingest -s reddit --bots bots --keep-bots two | alignx-cat | wc -l) -eq 2 ]"

# counts
{ cat two; row c3 '[deleted]' 'Nobody wrote this any more.'; row c4 AutoModerator 'A program wrote this one.'
row c5 Cal 'Short.'; row c6 Dan "$(head -c 300 /dev/zero | tr '\0' x)"; row c7 Ann 'This is not to be read.' ',"over_18":true'
row 'c 8' Eve 'This id is none at all, alas.'; } >many
ingest -q -s reddit --max-chars 200 --stats stats many -o e
counted() { $PYTHON3 - <<'END'
import json
s = json.load(open("stats"))
assert s["records"] == 8 and s["refused"] == {"bad-id": 1}, s
assert s["counts"] == {"kept": 2, "dropped-deleted": 1, "dropped-bot": 1, "dropped-short": 1,
                       "dropped-long": 1, "dropped-over-18": 1}, s
END
}
check 'each text is counted once, whatever becomes of it' counted

# rows
good='{"response":"Eleven.","annotations":{}}'
printf '{"instruction":"A prime?","completions":[%s,%s]}\n' "$good" "$good" "$good" '{"response":7}' >uf
ingest -q -s ultrafeedback uf -o f; code=$?
check 'a row that is refused leaves nothing behind' sh -c "[ $code -eq 1 ] && [ \$(alignx-cat f | wc -l) -eq 3 ]"
check 'msgpack is not ingested again' says 'found msgpack' ingest -s reddit a
check 'and ends with 1' exits 1 ingest -q -s reddit a
printf '\n\n\n' >blank
check 'a file of empty lines is empty' sh -c "[ \$(alignx-ingest -s reddit blank | wc -c) -eq 0 ]"
cp two "$(printf 'name-\377')"
check 'a file name that is no UTF-8 is mended in places' sh -c "alignx-ingest -s reddit name-* | alignx-cat | grep -q 'name-?'"
check '--name names the file in places' sh -c "alignx-ingest -s reddit --name RC_2005-12 two | alignx-cat | grep -q '\"file\":\"RC_2005-12\"'"
printf '{"chosen":"\\n\\nHuman: A?\\n\\nAssistant: B.","rejected":"\\n\\nHuman: A?\\n\\nAssistant: C."}\n' >helpful-base
cp helpful-base harmless-base
check 'HH-RLHF is about harmlessness if its name says so' sh -c "[ \$(alignx-ingest -s hh-rlhf harmless-base | alignx-cat | grep -c harmlessness) -eq 2 ]"
check 'and about helpfulness else' sh -c "[ \$(alignx-ingest -s hh-rlhf helpful-base | alignx-cat | grep -c helpfulness) -eq 2 ]"

# published records come through without loss
lossless() { alignx-ingest -s "$1" "$2" | alignx-cat >g && $PYTHON3 - "$2" <<'END'
import json, sys
text = open(sys.argv[1]).read()
rows = json.loads(text) if text.lstrip().startswith("[") else [json.loads(l) for l in text.splitlines()]
out = [json.loads(l) for l in open("g")]
assert len(rows) == len(out) > 0
for a, b in zip(rows, out):
    added = {k: b.pop(k) for k in ("kind", "version", "provenance")}
    assert a == b, (a, b)
    for t in added["provenance"]["texts"]:
        at = b
        for step in t["pointer"].split("/")[1:]:
            at = at[int(step)] if isinstance(at, list) else at[step]
        assert isinstance(at, str) and at
        assert text.encode()[t["place"]["byte"]:].startswith(b"{")
END
}
golden=$srcdir/tests/golden/alignx-ingest
for case in alignx alignx-test p-soups; do
	check "$case: no field is lost" lossless "${case%-test}" "$golden/$case/in"
done
if [ -n "${ALIGNX_REALDATA:-}" ]; then
	check 'the 600 rows of P-Soups: no field is lost' lossless p-soups "$ALIGNX_REALDATA/alignx/p-soups-student_phd.json"
else
	skip 'the 600 rows of P-Soups: no field is lost' 'ALIGNX_REALDATA is not set'
fi

# second opinions
clean="$PYTHON3 $srcdir/tests/oracle/clean.py"
for seed in 1 2 3; do
	$clean make 3000 $seed >texts
	check "3000 texts are cleaned as Python does it (seed $seed)" sh -c "alignx-ingest -s generic --no-scrub --field id=/id --field text=/text texts | alignx-cat | $clean check texts"
done
reddit() { alignx-ingest -s reddit --over-18 --keep-bots "$1" | alignx-cat | $PYTHON3 "$srcdir/tests/oracle/reddit.py" "$1"; }
for dump in pushshift/RC_2005-12.zst pushshift/AskMen_submissions.zst; do
	if [ -n "${ALIGNX_REALDATA:-}" ]; then
		zstd -dcq --long=31 "$ALIGNX_REALDATA/$dump" >plain
		check "$dump is read as Python reads it" reddit plain
	else
		skip "$dump is read as Python reads it" 'ALIGNX_REALDATA is not set'
	fi
done

# memory
for i in $(seq 3000); do row "c$i" "user$i" 'A comment that is about as long as comments are, give or take a few words.'; done >x1
for i in 1 2 3 4 5 6 7 8 9 10; do cat x1; done >x10
peak() { $PYTHON3 - "$1" <<'END'
import resource, subprocess, sys
subprocess.run(["alignx-ingest", "-s", "reddit", sys.argv[1]], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
END
}
for i in 1 2 3 4 5 6 7; do cat x10; done >x70
small=$(peak x1) large=$(peak x70)
check "memory does not grow with the input ($small and $large KiB)" [ "$large" -lt $((small + 2048)) ]
check 'and stays under 64 MiB' [ "$large" -lt 65536 ]
done_testing
