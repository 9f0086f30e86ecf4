#!/bin/sh
# The labels that were read from real texts: form, keys, values, no row twice.
. "${srcdir:-.}/tests/lib.sh"
labels=$srcdir/annotate/labels
well_formed() { # file, number of columns, column of the key
	awk -F'\t' -v columns="$2" -v at="$3" '
		function form() { # of a row, by its source
			if ($1 == "reddit-top-2013") return "^[A-Za-z0-9_.-]+/[a-z0-9]+$"
			if ($1 ~ /^stackexchange-/) return "^(c?[0-9]+|[0-9]+/c?[0-9]+/c?[0-9]+)$"
			if ($1 == "oasst-tree") return "^([0-9]+|[0-9a-f-]+/[0-9a-f-]+)$"
			return "^[0-9]+$"
		}
		NR == FNR { if ($1 ~ /^[0-9]+$/) is_key[$2] = 1; next }
		FNR == 1 { next }
		NF != columns { print FILENAME ":" FNR ": " NF " columns"; bad = 1 }
		$2 !~ form() || $3 !~ /^[0-9a-f]+$/ || length($3) != 16 { print FILENAME ":" FNR ": no row and hash"; bad = 1 }
		$at == "-" ? $NF != "0" : !($at in is_key) { print FILENAME ":" FNR ": unknown key " $at; bad = 1 }
		$at != "-" && $NF !~ /^-?[12]$/ { print FILENAME ":" FNR ": value " $NF; bad = 1 }
		{ row = $1; for (i = 2; i < NF; i++) row = row "\t" $i }
		row in seen { print FILENAME ":" FNR ": occurs twice"; bad = 1 }
		{ seen[row] = 1 }
		END { exit bad || FNR < 2000 }' "$srcdir/schema/dimensions.tsv" "$1"
}
check 'texts.tsv: known keys, values of -2 to 2, no row twice' well_formed "$labels/texts.tsv" 6 5
check 'pairs.tsv: the same' well_formed "$labels/pairs.tsv" 7 6
broken() { sed "$1" "$labels/texts.tsv" >"$tmp/broken"; ! well_formed "$tmp/broken" 6 5; }
check 'a value out of range is refused' broken '100s/$/3/'
check 'an unknown key is refused' broken '100s/[a-z-]*\t\(-*[0-9]\)$/none\t\1/'
check 'a doubled row is refused' broken '100p'
done_testing
