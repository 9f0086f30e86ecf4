#!/bin/bash
# Scoring with shared prefixes compared with the same engine without: pairs of responses, each
# with a prompt of its own or all of one person, against full passes with full logits; ten pairs
# of one person, and 90 questions with three answers each, against their common prompt alone.
#
#	bench/score_shared.sh BUILD_FOLDER [TYPE PAIRS PROMPT RESPONSE THREADS]
# TYPE may name a precision, as in BF16:amx.  The model has random weights, its layers and head in
# the proportion of a model of a billion weights with a vocabulary of 128,256; LARGE=1 takes that
# one itself.
set -- "${1:-}" "${2:-BF16}" "${3:-16}" "${4:-1500}" "${5:-150}" "${6:-2}"
type=$2 pairs=$3 prompt=$4 response=$5 threads=$6
set -- "$1"
. "$(dirname "$0")/lib.sh"
make -s -C "$build" bench/make_model bench/score_shared || exit 2
size='4 1024 16 4 4096 16384' model=$tmp/model precision=auto weights=${type%%:*}
[ "$weights" = "$type" ] || precision=${type#*:}
[ -z "${LARGE:-}" ] || size='' model=${MODELS:-$tmp}/1b-$weights.gguf
# shellcheck disable=SC2086
[ -s "$model" ] || "$build/bench/make_model" "$model" "$weights" $size || exit 2
bytes=$(stat -c %s "$model") kib=0
"$build/bench/score_shared" "$model" "$threads" "$precision" "$pairs" "$prompt" "$response" >"$tmp/lines" || exit 1
while IFS=$'\t' read -r what seconds peer peer_seconds tokens hash; do
	report "score $what $type $threads threads $tokens tokens" "$seconds" "$peer" "$peer_seconds" "$hash"
done <"$tmp/lines"
