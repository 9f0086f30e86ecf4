# page.awk - fill in the holes of a manual page.
#
#   @SYNOPSIS@      printed by the program
#   @OPTIONS@       printed by the program
#   @EXAMPLE name@  the command of a golden test, so every example is tested
#   @FIELDS name@   the fields of a message, printed from its descriptor
#   @PROGRAMS@      every program with its summary, printed by alignx

function run(command) { if (system(command) != 0) { print "failed: " command > "/dev/stderr"; exit 1 } }

# Does a command go on after this line: in quotes, in a here-document, or after \, | or &&?
function goes_on(line,    i, c) {
	if (delimiter != "") {
		if (line == delimiter) delimiter = ""
		return delimiter != ""
	}
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		if (c == "\\" && quote != "'") i++
		else if (quote == "" && (c == "'" || c == "\"")) quote = c
		else if (c == quote) quote = ""
	}
	if (quote == "" && match(line, /<<'?[A-Z]+/)) {
		delimiter = substr(line, RSTART + 2, RLENGTH - 2)
		sub(/'/, "", delimiter)
	}
	return quote != "" || delimiter != "" || line ~ /(\\|\||&&)$/
}

# A line as it is, in mdoc, so that it can be pasted into a shell.
function literal(line) {
	gsub(/\\/, "\\e", line)
	gsub(/-/, "\\-", line)
	gsub(/'/, "\\(aq", line)
	gsub(/\^/, "\\(ha", line)
	gsub(/~/, "\\(ti", line)
	return line
}

# an example starts with a blank line of its own, so drop a paragraph break before it
held && !/^@EXAMPLE / && !/^\.Pp$/ { print ".Pp"; held = 0 }
/^\.Pp$/ { held = 1; next }
/^@SYNOPSIS@$/ { fflush(); run(prog " --print-man=synopsis"); next }
/^@OPTIONS@$/  { fflush(); run(prog " --print-man=options"); next }
/^@FIELDS /    { name = $2; sub(/@$/, "", name); fflush(); run("schema/print_schemas --mdoc " name); next }
/^@PROGRAMS@$/ { fflush(); run(prog " --print-man=programs"); next }
/^@EXAMPLE / {
	held = 0
	name = $2; sub(/@$/, "", name)
	file = golden "/" name "/cmd"
	continued = found = 0
	print ".Bd -literal -offset indent"
	while ((getline line < file) > 0) {
		found = 1
		gsub(/\$tmp\//, "", line)
		print (continued ? "  " : "$ ") literal(line)
		continued = goes_on(line)
	}
	if (!found) { print "no example " file > "/dev/stderr"; exit 1 }
	print ".Ed"
	close(file)
	next
}
{ print }
