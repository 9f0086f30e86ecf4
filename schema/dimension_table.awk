# Turns dimensions.tsv into the rows of a C table; refuses a table out of order.
BEGIN { FS = "\t" }
/^#/ { next }
NF != 7 || $1 != n { print FILENAME ":" FNR ": bad row" > "/dev/stderr"; bad = 1; exit }
{
	n++
	gsub(/"/, "\\\"")
	printf "\t{ \"%s\", \"%s\", \"%s\", { \"%s\", \"%s\" },\n\t    \"%s\" },\n", $2, $3, $4, $6, $5, $7
}
END { exit bad || n != 90 }
