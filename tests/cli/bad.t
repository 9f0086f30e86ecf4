#!/bin/bash
# Bad input of every kind: a located message, the right status, and nothing lost.
. "${srcdir:-.}/tests/lib.sh"
cd "$tmp" || exit 99
good='{"id":"c1","author":"ann","body":"A comment that is long enough to be kept.","link_id":"t3_a","parent_id":"t3_a","subreddit":"books","created_utc":1,"score":1}'
ingest() { alignx-ingest --source reddit-comments --key "$tmp/key" -o "$tmp/out" "$@"; }
# told FILE CODE PATTERN KEPT - ingest ends with CODE, says PATTERN, keeps so many lines
told() {
	ingest "$1" 2>"$tmp/err"; got=$?
	[ $got -eq "$2" ] || { echo "exit $got"; cat "$tmp/err"; return 1; }
	[ -z "$3" ] || grep -q -e "$3" "$tmp/err" || { cat "$tmp/err"; return 1; }
	[ "$(alignx-cat "$tmp/out" | wc -l)" -eq "$4" ] || { echo "kept $(alignx-cat "$tmp/out" | wc -l)"; return 1; }
}
line() { printf '%s\n' "$@"; }
line "$good" '{"id":"c2",,}' "$good" >malformed
check 'malformed JSON' told malformed 1 '^alignx-ingest: malformed:2:1[67][0-9]: ' 2
line "$good" "${good/long/lXng}" "$good" | tr X '\377' >utf8
check 'invalid UTF-8' told utf8 1 'utf8:2:.*UTF-8' 2
line "$good" "${good/long/\\ud83d}" "$good" >surrogate
check 'a lone surrogate' told surrogate 1 'surrogate:2:.*surrogate' 2
{ line "$good"; printf '{"id":"c\0"}\n'; line "$good"; } >nul
check 'a NUL byte' told nul 1 'nul:2:' 2
{ line "$good"; printf '{"body":"'; head -c 100000000 /dev/zero | tr '\0' x; printf '"}\n'; line "$good"; } >long
check 'a line of 100 MB' told long 1 'long:2:.*--max-bytes' 2
rm -f long
line "${good/\"score\":1/\"score\":\"12\"}" "${good/\"created_utc\":1/\"created_utc\":\"1201240417\"}" >numbers
check 'numbers as text are numbers' told numbers 0 '' 2
line "$good" "${good/\"link_id\":\"t3_a\",/}" >missing
check 'a missing field' told missing 1 'missing:2:.*link_id' 1
line "$good" "${good/\"score\":1/\"body\":\"b\"}" >doubled
check 'a doubled field' told doubled 1 'doubled:2:.*body' 1
{ line "$good"; printf '{"a":%s1%s}\n' "$(head -c 10000 /dev/zero | tr '\0' '[')" "$(head -c 10000 /dev/zero | tr '\0' ']')"; line "$good"; } >deep
check 'nesting 10,000 deep' told deep 1 'deep:2:.*deep' 2
: >empty
check 'an empty file' told empty 0 '' 0
mkdir -p folder
check 'a folder' says 'folder' ingest folder
check 'a folder ends with 2' exits 2 ingest folder
check 'a file that is not there ends with 2' exits 2 ingest nowhere
for i in $(seq 2000); do line "${good/c1/c$i}"; done >many
gzip -k many; xz -k many; zstd -q --long=31 <many >many.zst
for form in gz xz zst; do
	check "compressed: $form" told many.$form 0 '' 2000
	size=$(stat -c %s many.$form)
	head -c $((size / 2)) many.$form >cut.$form
	ingest cut.$form 2>err; code=$?
	check "truncated $form is told and ends with 1" sh -c "[ $code -eq 1 ] && grep -q 'cut.$form:' err"
	kept=$(alignx-cat out | wc -l)
	check "truncated $form: whole lines before the cut are kept ($kept)" [ "$kept" -ge 1 ]
done
zstd -dcq --long=31 cut.zst 2>/dev/null | grep -c '}$' >whole
check 'truncated zst: every whole line before the cut' sh -c "[ $(alignx-cat out | wc -l) -ge $(cat whole) ]"
check '--zstd-window refuses a larger window and names the cure' says 'zstd-window' ingest --zstd-window 27 many.zst
alignx-ingest -q --source reddit --key "$tmp/key" -o interactions "$samples"/good-month/R?_2016-04.zst
alignx-extract -q -o signals interactions
alignx-map -q -o intensities signals
alignx-pair -o pairs intensities
# cut PROGRAM FILE [OPTION...] - the last message of its input is cut
cut() {
	head -c $(($(stat -c %s "$2") - 7)) "$2" >cut.msgpack
	program=$1; shift 2
	"alignx-$program" cut.msgpack "$@" >after 2>err; code=$?
	check "a msgpack stream cut in the middle: $program ends with 1" [ $code -eq 1 ]
	check "a msgpack stream cut in the middle: $program reports where" grep -q '^alignx-[a-z]*: cut.msgpack:[0-9]*:[0-9]*: ' err
}
cut cat interactions
cut validate interactions
cut dedup interactions
cut shard interactions -n 2 --by post -o shards
cut extract interactions
cut map signals
cut pair intensities
cut emit pairs -o records
printf '\x81\xa4kind\xdf\xff\xff\xff\xff' >hostile
check 'a length that is not there' exits 1 alignx-cat hostile
head -c 100000 /dev/zero | tr '\0' '\221' >nested
{ printf '\x81\xa1a'; cat nested; } >nested.msgpack
check 'msgpack nested too deep' says 'deep' alignx-cat nested.msgpack
alignx-cat "$samples/good-benchmark.jsonl" >rows
for program in extract map pair emit; do
	check "the wrong kind for alignx-$program" exits 1 alignx-$program rows -o after.$program
	check "the wrong kind for alignx-$program is told by place" says '^alignx-[a-z]*: rows:1:.*expected' \
		alignx-$program rows -o again.$program
done
check 'msgpack for alignx-ingest' says 'rows:1:.*needs no second ingest' ingest rows
check 'text where msgpack belongs names the cure' says 'alignx-cat --to msgpack' alignx-extract many -o after
check '--strict ends with 2' exits 2 ingest --strict malformed
check '--max-bad 0 ends with 2' exits 2 ingest --max-bad 0 malformed
check '--max-bad 50% does not' exits 1 ingest --max-bad 50% malformed
check '--quarantine keeps the line and the reason' sh -c "
	alignx-ingest --source reddit-comments --key $tmp/key --quarantine kept -o out malformed
	grep -q '\"number\":2,.*\"code\":\"bad-json\".*\"text\":\"{' kept"
check '--stats counts it' sh -c "
	alignx-ingest --source reddit-comments --key $tmp/key --stats st -o out malformed; grep -q '\"refused\":{\"bad-json\":1}' st"
for i in $(seq 100); do echo '{'; done >hundred
check 'a hundred equal faults are not a hundred lines' sh -c "
	alignx-ingest --source reddit-comments --key $tmp/key -o out hundred 2>err; [ \$(wc -l <err) -eq 21 ] && tail -1 err | grep -q '100 records refused'"
done_testing
