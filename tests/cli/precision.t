#!/bin/bash
# Coarser products beside single precision, on a really trained model and real texts:
# verdicts change in fewer than one of a hundred pairs, and only where the margin is
# under the error that alignx-score(1) states.
. "${srcdir:-.}/tests/lib.sh"
cd "$tmp" || exit 99
if [ -z "${ALIGNX_REALDATA:-}" ]; then
	skip 'verdicts of a real model in bf16 and int8' 'ALIGNX_REALDATA is not set'
	done_testing
	exit
fi
model=$ALIGNX_REALDATA/models/stories260K/stories260K-f32.gguf
head -900 "$ALIGNX_REALDATA/goemotions/train.tsv" | cut -f1 | jq -Rcn '[inputs] as $text
    | range(0; $text | length - 2; 3) | { prompt: $text[.], chosen: $text[. + 1], rejected: $text[. + 2] }' >pairs
score() { alignx-score -q -m "$model" --method plain "$@" pairs; }
score --precision f32 >f32
check 'most pairs are scored' [ "$(wc -l <f32)" -gt 290 ]

# differs PRECISION ERROR: margins are within ERROR times the root of the number of
# tokens; how many verdicts are not those of f32
differs() {
	paste f32 "$1" | jq -Rn --argjson most "$2" '
	    def size: if . < 0 then -. else . end;
	    [inputs / "\t" | map(fromjson)
	    | (.[0].tokens[1:] | add | sqrt * $most) as $error
	    | if (.[0].margin - .[1].margin | size) > $error then error("row \(.[0].row)") else . end
	    | select(.[0].prefers != .[1].prefers)] | length'
}
for p in bf16:0.12 int8:0.4; do
	score --precision ${p%:*} >${p%:*}
	check "${p%:*} is not f32" sh -c "! cmp -s f32 ${p%:*}"
	n=$(differs ${p%:*} ${p#*:})
	check "${p%:*}: margins are as near as stated" [ -n "$n" ]
	check "${p%:*}: fewer than one verdict of a hundred changes" [ "${n:-99}" -le 2 ]
done
done_testing
