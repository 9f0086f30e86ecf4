#!/bin/bash
# Matrix products alone, one thread, by type of weights: against the peak of the processor's
# instruction, and against oneDNN if it is installed (libdnnl-dev).
#
#	bench/matmul.sh BUILD_FOLDER [TYPES]
types=${2:-F32 BF16 Q8_0 Q4_K Q6_K}
set -- "${1:-}"
. "$(dirname "$0")/lib.sh"
make -s -C "$build" bench/matmul || exit 2
cc -O2 -o "$tmp/onednn" "$bench/onednn.c" -ldnnl 2>"$tmp/no" || echo 'oneDNN is not installed' >&2
bytes=0 kib=0
# shellcheck disable=SC2086
"$build/bench/matmul" 1 $types | sed 1d >"$tmp/speeds"
while IFS=, read -r type rows n k speed peak _; do
	seconds() { awk -v n=$((2 * rows * n * k)) -v s="$1" 'BEGIN { printf "%.6f\n", n / s / 1e9 }'; }
	report "matmul $type $rows x $n x $k" "$(seconds "$speed")" peak "$(seconds "$peak")" -
	case $type in F32) like=f32 ;; *16) like=bf16 ;; *) like=s8 ;; esac
	[ -x "$tmp/onednn" ] || continue
	report "matmul $type $rows x $n x $k" "$(seconds "$speed")" "oneDNN $like" \
	    "$(seconds "$(OMP_NUM_THREADS=1 "$tmp/onednn" "$rows" "$n" "$k" $like)")" -
done <"$tmp/speeds"
