#!/bin/bash
# Every architecture and position embedding against values made in float64 by
# another engine (tests/vectors).
. "${srcdir:-.}/tests/lib.sh"
vectors=$(cd "$srcdir/tests/vectors" && pwd)
cd "$tmp" || exit 99
near() { # WANT GOT RELATIVE
	paste "$1" "$2" | awk -v r="$3" 'function abs(x) { return x < 0 ? -x : x }
	    NF != 2 || abs($1 - $2) > r * (1 + abs($1)) { print NR ": " $0; bad = 1 } END { exit bad || NR != 24 }'
}
for v in "$vectors"/*.nll; do
	m=$(basename "$v" .nll)
	$PYTHON3 "$srcdir/tests/oracle/make_model.py" "$m" "$m/" 11
	alignx-score -m "$m" --precision f32 --tokens "$vectors/ids" >got
	check "$m" near "$v" got 1e-5
done
done_testing
