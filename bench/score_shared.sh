#!/bin/bash
# Scoring with shared beginnings beside the same engine without: pairs of responses
# behind prompts of their own, and of one person, beside full passes with full logits;
# ten pairs of one person, and 90 questions with three answers each, beside their
# common prompt alone.
#
#	bench/score_shared.sh BUILD_FOLDER [TYPE PAIRS PROMPT RESPONSE THREADS]
# The model has random weights, and layers and head in the proportion of a model of a
# billion weights with a vocabulary of 128,256.
set -- "${1:-}" "${2:-BF16}" "${3:-16}" "${4:-1500}" "${5:-150}" "${6:-2}"
type=$2 pairs=$3 prompt=$4 response=$5 threads=$6
set -- "$1"
. "$(dirname "$0")/lib.sh"
make -s -C "$build" bench/make_model bench/score_shared || exit 2
"$build/bench/make_model" "$tmp/model" "$type" 4 1024 16 4 4096 16384 || exit 2
bytes=$(stat -c %s "$tmp/model") kib=0
"$build/bench/score_shared" "$tmp/model" "$threads" auto "$pairs" "$prompt" "$response" >"$tmp/lines" || exit 1
while IFS=$'\t' read -r what seconds peer peer_seconds tokens hash; do
	report "score $what $type $threads threads $tokens tokens" "$seconds" "$peer" "$peer_seconds" "$hash"
done <"$tmp/lines"
