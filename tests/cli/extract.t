#!/bin/sh
# alignx-extract and alignx-map beyond their golden tests.
. "${srcdir:-.}/tests/lib.sh"
small=$srcdir/data-samples/rules
export ALIGNX_RULES="$small"
texts() { "$PYTHON3" "$srcdir/tests/oracle/make_texts.py" "$srcdir/schema/rules"; }
texts | alignx-cat -o "$tmp/texts"
both() { alignx-extract "$1" | alignx-map -o "$2"; }
check 'extract and map succeed' both "$tmp/texts" "$tmp/mapped"
check 'mapped interactions are valid' alignx-validate --kind interaction "$tmp/mapped"
check 'map --extract gives the same bytes as extract, then map' sh -c "alignx-map --extract $tmp/texts | cmp - $tmp/mapped"
check 'signals that were there before do not count' sh -c "alignx-map -k -x $tmp/texts | alignx-map -x | cmp - $tmp/mapped"
check 'map -k --extract keeps the same signals' sh -c "alignx-map -k -x $tmp/texts >$tmp/kept && alignx-extract $tmp/texts | alignx-map -k | cmp - $tmp/kept"
alignx-extract "$tmp/texts" -o "$tmp/once"
check 'extracting again changes nothing' sh -c "alignx-extract $tmp/once | cmp - $tmp/once"
alignx-map --keep-signals "$tmp/once" | alignx-extract -o "$tmp/again"
check 'old intensities are dropped' cmp "$tmp/again" "$tmp/once"
alignx-extract --list >"$tmp/list"
check 'signals are in the order of the rules' sh -c "alignx-cat $tmp/once | $PYTHON3 -c '
import json, sys
order = [line.split(\"\\t\")[0] for line in open(\"$tmp/list\")]
n = 0
for line in sys.stdin:
    at = [order.index(s[\"rule\"]) if s[\"rule\"] in order else 999 for s in json.loads(line)[\"signals\"]]
    assert at == sorted(at)
    n += len(at)
assert n > 500, n'" 2>/dev/null
oracle() { alignx-map --keep-signals "$tmp/once" | alignx-cat | $PYTHON3 "$srcdir/tests/oracle/check_map.py" "$small/weights.tsv"; }
check 'intensities as worked out again in Python' oracle

mkdir "$tmp/rules"
cp "$small"/* "$tmp/rules"
version() { alignx-cat -t msgpack "$tmp/one" | alignx-extract --rules "$tmp/rules" | alignx-cat | grep -o 'rules-[0-9a-f]*'; }
one='{"kind":"interaction","version":1,"id":"a","source":"reddit","type":"comment","post":"b","text":"%s","place":{"file":"f","byte":0,"line":1}}\n'
# shellcheck disable=SC2059
printf "$one" 'I love cats' >"$tmp/one"
before=$(version)
check 'the version is that of the content' [ "$before" = "$(version)" ]
echo '# more' >>"$tmp/rules/small.rules"
check 'the version changes with the content' [ "$before" != "$(version)" ]

cat >"$tmp/rules/costly.rules" <<'EOF'
rule need.costly
dimension order
pole 1
weight 1
pattern (?=(?:a+)+(?:a|aa)+b)a
match aab
reject ab
EOF
# shellcheck disable=SC2059
for _ in 1 2 3; do printf "$one" "$(printf '%0200d' 0 | tr 0 a) cats bob"; done | alignx-cat -o "$tmp/hostile"
check 'a costly pattern is given up' alignx-extract --rules "$tmp/rules" --stats "$tmp/stats" "$tmp/hostile" -o "$tmp/out"
check 'a costly pattern is reported once' [ "$(grep -c 'costly.rules:5: a pattern of the rule .need.costly. is too costly' "$tmp/said")" -eq 1 ]
check 'each text is counted as match-limit' grep -q '"match-limit":3' "$tmp/stats"
check 'alignx-map --explain reports it, too' says 'costly.rules:5: a pattern of the rule .need.costly. is too costly' alignx-map --explain --rules "$tmp/rules" "$tmp/hostile"
check 'other rules still match' sh -c "[ \$(alignx-cat $tmp/out | grep -c topic.pets) -eq 3 ]"
printf 'rule need.b\ndimension order\npole 1\nweight 1\npattern a(\nmatch a\nreject b\n' >"$tmp/rules/costly.rules"
check 'a bad pattern is located' says 'costly.rules:5: bad pattern at byte 2 of it: missing closing parenthesis' alignx-extract --rules "$tmp/rules" "$tmp/one"
printf 'rule need.b\ndimension order\npole 1\nweight 1\npattern a*\nmatch a\nreject b\n' >"$tmp/rules/costly.rules"
check 'a pattern that matches the empty text is refused' says 'costly.rules:5: this pattern matches the empty text' alignx-extract --rules "$tmp/rules" "$tmp/one"
check 'a bad pattern is located when explaining' says 'costly.rules:5: this pattern matches the empty text' alignx-map --explain --rules "$tmp/rules" "$tmp/one"
cp "$tmp/rules/costly.rules" "$tmp/kept"; cp "$tmp/rules/small.rules" "$tmp/rules/twice.rules"
check 'an id in two files is located in the second' says 'twice.rules:15: there is already a rule .disclosure.age.high.' alignx-extract --rules "$tmp/rules" "$tmp/one"
rm "$tmp/rules/twice.rules"; printf 'rule need.b\ndimension tidiness\npole 1\nweight 1\nwords a\nmatch a\nreject b\n' >"$tmp/rules/costly.rules"
check 'an unknown dimension is located' says "costly.rules:2: there is no dimension 'tidiness'" alignx-extract --rules "$tmp/rules" "$tmp/one"
mv "$tmp/kept" "$tmp/rules/costly.rules"
check 'bad rules exit with 2' exits 2 alignx-extract --rules "$tmp/rules" "$tmp/texts" -o "$tmp/none"
printf 'rule need.b\ndimension order\npole 1\nweight 1\nwords \342\200\224\nmatch a\nreject b\n' >"$tmp/rules/costly.rules"
check 'a sign is not a word' says "costly.rules:5: .*: this is not a word" alignx-extract --rules "$tmp/rules" "$tmp/one"

long() { $PYTHON3 -c '
import json
text = ("I love cats and dogs. \u017f \U0001f600 " * 20000)
print(json.dumps({"kind":"interaction","version":1,"id":"a","source":"reddit","type":"comment","post":"b","text":text,"place":{"file":"f","byte":0,"line":1}}))' | alignx-cat; }
long >"$tmp/long"
check 'a long text is read' alignx-extract --stats "$tmp/stats" "$tmp/long" -o "$tmp/out"
check 'a long text is counted as text-cut' grep -q '"text-cut":1' "$tmp/stats"
check 'a long text is written whole' sh -c "alignx-cat $tmp/out | jq -j .text >$tmp/a; alignx-cat $tmp/long | jq -j .text | cmp - $tmp/a"

# what the sanitizer keeps back is not growth
ASAN_OPTIONS=$ASAN_OPTIONS:quarantine_size_mb=1; export ASAN_OPTIONS
peak() { "$PYTHON3" -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$@"; }
ALIGNX_RULES=$srcdir/schema/rules
for _ in 1 2 3 4 5 6 7 8 9 10; do cat "$tmp/texts"; done >"$tmp/ten"
for prog in extract map; do
	[ $prog = map ] && for f in texts ten; do alignx-extract "$tmp/$f" -o "$tmp/x" && mv "$tmp/x" "$tmp/$f"; done
	once=$(peak alignx-$prog "$tmp/texts" -o "$tmp/out") ten=$(peak alignx-$prog "$tmp/ten" -o "$tmp/out")
	check "$prog: memory does not grow with the input ($once kB, $ten kB)" [ "$ten" -lt "$((once + 8192))" ]
	if grep -q __asan_init "$builddir/alignx-$prog"; then skip "$prog: 64 MiB" 'the sanitizers need more'
	else check "$prog: memory stays under 64 MiB" [ "$ten" -lt 65536 ]; fi
done
done_testing
