# Turns clauses.tsv into the rows of a C table; the keys must be those of
# dimensions.tsv, in their order.
BEGIN { FS = "\t"; n = d = 0 }
/^#/ { next }
FILENAME ~ /dimensions/ { key[d++] = $2; next }
NF != 3 || $1 != key[n] { print FILENAME ":" FNR ": bad row" > "/dev/stderr"; bad = 1; exit }
{ n++; printf "\t{ \"%s\", \"%s\" },\n", $3, $2 }
END { exit bad || n != 47 }
