#!/bin/bash
# fit.sh - quality of trained models on held-out texts and communities.
#
#	bench/fit.sh BUILD_FOLDER TABLE...
#
# Reads the tables of bench/mapping.  Cross-validates over rows, or over communities if the
# second column of a table is subreddit, so that a model is measured on communities that it was
# not trained on.  (An interest with a single community has no training texts then.)  Prints the
# measures of bench/mapping, as means over the folds, by the rules and with the model.
# FIT: options for alignx-fit; FOLDS: number of folds (default 3).
build=${1:?usage: $0 BUILD_FOLDER TABLE...}; shift
bench=$(cd "$(dirname "$0")" && pwd)
folds=${FOLDS:-3}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
export ALIGNX_RULES=${ALIGNX_RULES:-$bench/../schema/rules} LC_ALL=C

# split FOLD TABLE NAME - writes NAME.train and NAME.test
split() {
	awk -F '\t' -v k="$1" -v n="$folds" -v train="$3.train" -v test="$3.test" '
	NR == 1 { by_community = $2 == "subreddit"; print >train; print >test; next }
	by_community && !($2 in fold) {
		if (!($1 in start)) start[$1] = dims++
		fold[$2] = start[$1] + used[$1]++
	}
	{ print >((by_community ? fold[$2] : NR) % n == k ? test : train) }' "$2"
}

for ((k = 0; k < folds; k++)); do
	i=0
	for table; do
		split "$k" "$table" "$tmp/$((i++))"
	done
	# shellcheck disable=SC2086
	"$build/alignx-fit" -j 2 $FIT -o "$tmp/model" "$tmp"/*.train || exit 1
	"$bench/mapping" --no-speed "$build" "$tmp"/*.test | sed 's/^/rules\t/'
	"$bench/mapping" --no-speed --map "--model $tmp/model" "$build" "$tmp"/*.test | sed 's/^/model\t/'
done >"$tmp/figures"
awk -F '\t' -v OFS='\t' '
$2 == "measure" || $3 == "" || $3 == "macro" || $5 == "-" { next }
{ key = $2 OFS $3; if (!(key in seen)) { seen[key]; order[n++] = key } sum[key, $1] += $5; count[key, $1]++ }
END {
	print "measure", "dimension", "rules", "model"
	for (i = 0; i < n; i++) {
		split(order[i], part, OFS)
		r = sum[order[i], "rules"] / count[order[i], "rules"]
		m = sum[order[i], "model"] / count[order[i], "model"]
		printf "%s\t%.3f\t%.3f\n", order[i], r, m
		if (!(part[1] in all)) kind[kinds++] = part[1]
		all[part[1]]++; rules[part[1]] += r; model[part[1]] += m
	}
	for (i = 0; i < kinds; i++)
		printf "%s\tmacro\t%.3f\t%.3f\n", kind[i], rules[kind[i]] / all[kind[i]], model[kind[i]] / all[kind[i]]
}' "$tmp/figures"
