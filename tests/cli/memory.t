#!/bin/bash
# Filters must not grow with their input: ten times as much, the same memory.
. "${srcdir:-.}/tests/lib.sh"
ASAN_OPTIONS=quarantine_size_mb=1:detect_leaks=0; export ASAN_OPTIONS
grep -q '^SAN = -f' "$builddir/Makefile" 2>/dev/null && sanitized=yes
zstd -dcq --long=31 "$samples/good-month/RC_2016-04.zst" >"$tmp/once"
for _ in 1 2 3 4; do cat "$tmp/once"; done >"$tmp/1"
for _ in 1 2 3 4 5 6 7 8 9 10; do cat "$tmp/1"; done >"$tmp/10"
# peak OUTPUT COMMAND... - kibibytes of the largest process
peak() { $PYTHON3 -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$@"; }
within() { # WHAT SMALL LARGE
	echo "$1: $2 KiB, $3 KiB at ten times the input"
	[ "$3" -lt $(($2 + 8192)) ] && { [ -n "${sanitized:-}" ] || [ "$3" -lt 65536 ]; }
}
for n in 1 10; do
	ingest[n]=$(peak alignx-ingest --source reddit-comments --key "$tmp/key" -o "$tmp/i$n" "$tmp/$n")
	extract[n]=$(peak alignx-extract -o "$tmp/x$n" "$tmp/i$n")
	map[n]=$(peak alignx-map -o "$tmp/m$n" "$tmp/x$n")
done
check 'alignx-ingest stays under 64 MiB' within ingest "${ingest[1]}" "${ingest[10]}"
check 'alignx-extract stays under 64 MiB' within extract "${extract[1]}" "${extract[10]}"
check 'alignx-map stays under 64 MiB' within map "${map[1]}" "${map[10]}"
echo "# KiB: ingest ${ingest[1]} ${ingest[10]}, extract ${extract[1]} ${extract[10]}, map ${map[1]} ${map[10]}"
# Programs that must remember put it on disk beyond --memory: of the memory that
# is private 8 MiB are enough for any input.
limited() { (ulimit -d 8192; "$@"); }
alignx-ingest --source reddit-submissions --key "$tmp/key" "$samples/good-month/RS_2016-04.zst" | alignx-map --extract -o "$tmp/posts"
pairs() { alignx-pair "$@" "$tmp/m10" "$tmp/posts"; }
if [ -n "${sanitized:-}" ]; then skip 'what is remembered goes to disk' 'the sanitizers need more'
else
	check 'alignx-dedup --memory 64K' limited alignx-dedup --memory 64K -o "$tmp/d" "$tmp/m10"
	check 'alignx-pair --memory 64K' limited pairs --memory 64K -o "$tmp/p"
	check 'alignx-emit --memory 64K' limited alignx-emit --memory 64K -o "$tmp/e" "$tmp/p"
	# a row for each of 30,000 users, and one for each more
	awk 'BEGIN { for (i = 0; i < 90; i++) { v = v (i ? "," : "") i % 3 * 40 - 40; c = c (i ? "," : "") 90 }
	for (i = 0; i < 60000; i++) printf "{\"kind\":\"interaction\",\"version\":1,\"id\":\"%d\",\"source\":\"reddit\",\"type\":\"comment\",\"post\":\"p\",\"text\":\"x\",\"user\":\"u%d\",\"intensities\":{\"annotator\":\"a\",\"value\":[%s],\"confidence\":[%s]},\"place\":{\"file\":\"f\",\"byte\":0,\"line\":1}}\n", i, i * 7919 % 30000, v, c }' >"$tmp/users"
	check 'alignx-profile --memory 64K' limited alignx-profile --memory 64K --update "$tmp/state" -o "$tmp/u" "$tmp/users"
	check 'with all users in memory it is not enough' exits 2 limited alignx-profile -o "$tmp/none" "$tmp/users"
	check 'and the profiles are the same' sh -c "alignx-profile --update '$tmp/state2' '$tmp/users' | cmp - '$tmp/u' && cmp '$tmp/state' '$tmp/state2' && [ \$(wc -l <'$tmp/u') = 30000 ]"
	check 'with all in memory it is not enough' exits 2 limited pairs -o "$tmp/none"
	check 'and the pairs are the same' sh -c "[ -s '$tmp/p' ] && alignx-pair '$tmp/m10' '$tmp/posts' | cmp - '$tmp/p'"
fi
done_testing
