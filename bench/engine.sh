#!/bin/bash
# Prefill: prompts of 512 tokens through a llama of a billion random weights, by type of
# weights and number of threads.
#
#	bench/engine.sh BUILD_FOLDER [TYPES] [THREADS] [PEER=PROGRAM ...]
# TYPES: as for make_model, with a precision if it is not auto: BF16:amx.  RUNS: runs of each
# program, interleaved; the best of each counts.
# PROGRAM is a llama-bench.  If none is named, the peer is the time that the matrices alone
# would take at the peak of the processor's instruction (bench/matmul).
# Models are made in the folder MODELS, or in a temporary one if that is not set.
set -- "${1:-}" "${2:-F32 BF16 Q8_0 Q4_K_M}" "${3:-1 2}" "${@:4}"
types=$2 counts=$3 peers=("${@:4}")
set -- "$1"
. "$(dirname "$0")/lib.sh"
make -s -C "$build" bench/make_model bench/prefill bench/matmul || exit 2
models=${MODELS:-$tmp} tokens=512 runs=${RUNS:-4}
operations=$((973078528 * 2 * tokens))	# of the matrices of all layers

# seconds_of PROGRAM MODEL THREADS - a peer's time for the same prompt, once
seconds_of() {
	"$1" -m "$2" -p $tokens -n 0 -t "$3" -r 1 -o csv 2>/dev/null | awk '
	    { k = split($0, x, /","|,"|",|,/) }
	    /avg_ns/ { for (i = 1; i <= k; i++) { gsub(/"/, "", x[i]); if (x[i] == "avg_ns") at = i - k }; next }
	    { s = x[k + at]; gsub(/"/, "", s); print s / 1e9 }'
}

# take_turns - runs ours, then each peer, and so on; seconds of each run in $tmp/0 (ours), $tmp/1, ...
take_turns() {
	rm -f "$tmp"/[0-9]*
	kib=0
	for _ in $(seq "$runs"); do
		/usr/bin/time -f %M -o "$tmp/time" "$build/bench/prefill" "$model" $tokens \
		    "$threads" "$precision" 1 >"$tmp/speed" || exit 2
		read -r most _ hash <"$tmp/speed"
		awk -v n=$tokens -v s="$most" 'BEGIN { print n / s }' >>"$tmp/0"
		[ "$(cat "$tmp/time")" -le "$kib" ] || kib=$(cat "$tmp/time")
		for i in "${!peers[@]}"; do
			seconds_of "${peers[$i]#*=}" "$model" "$threads" >>"$tmp/$((i + 1))"
		done
	done
}

best() { # FILE
	sort -g "$1" | head -n 1
}

for type in $types; do
	weights=${type%%:*} precision=auto
	[ "$weights" = "$type" ] || precision=${type#*:}
	model=$models/1b-$weights.gguf
	[ -s "$model" ] || "$build/bench/make_model" "$model" "$weights" || exit 2
	bytes=$(stat -c %s "$model")
	for threads in $counts; do
		take_turns
		seconds=$(best "$tmp/0")
		for i in "${!peers[@]}"; do
			report "prefill $type $threads threads" "$seconds" "${peers[$i]%%=*}" \
			    "$(best "$tmp/$((i + 1))")" "$hash"
		done
		[ ${#peers[@]} -eq 0 ] || continue
		peak=$("$build/bench/matmul" "$threads" "${weights%_M}" | awk -F, 'END { print $6 }')
		report "prefill $type $threads threads" "$seconds" peak \
		    "$(awk -v n=$operations -v s="$peak" 'BEGIN { print n / s / 1e9 }')" "$hash"
	done
done
