#!/bin/sh
# Every folder tests/golden/PROGRAM/CASE is a test: cmd, in, out, err, code.
# A cmd runs in the root of the sources, with its file `in` on standard input.
. "${srcdir:-.}/tests/lib.sh"
run_case() {
	dir=$1
	input=/dev/null; [ -f "$dir/in" ] && input=$dir/in
	want_err=/dev/null; [ -f "$dir/err" ] && want_err=$dir/err
	want_out=/dev/null; [ -f "$dir/out" ] && want_out=$dir/out
	want=0; [ -f "$dir/code" ] && want=$(cat "$dir/code")
	(cd "$srcdir" && bash "$dir/cmd") <"$input" >"$tmp/out" 2>"$tmp/err"; got=$?
	diff -u "$want_out" "$tmp/out" && diff -u "$want_err" "$tmp/err" &&
	    { [ "$got" -eq "$want" ] || { echo "exit $got, wanted $want"; false; }; }
}
for dir in "$srcdir"/tests/golden/*/*/; do
	check "$(basename "$(dirname "$dir")")/$(basename "$dir")" run_case "${dir%/}"
done
done_testing
