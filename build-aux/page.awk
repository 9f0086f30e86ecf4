# page.awk - fill in the holes of a manual page.
#
#   @SYNOPSIS@      printed by the program
#   @OPTIONS@       printed by the program
#   @EXAMPLE name@  the command of a golden test, so every example is tested
#   @FIELDS name@   the fields of a message, printed from its descriptor
#   @PROGRAMS@      every program with its summary, printed by alignx

function run(command) { if (system(command) != 0) { print "failed: " command > "/dev/stderr"; exit 1 } }

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
	found = 0
	while ((getline line < file) > 0) {
		found = 1
		gsub(/\$tmp\//, "", line)
		gsub(/\\/, "\\e", line)
		gsub(/-/, "\\-", line)
		print (shown++ ? "  " : ".Bd -literal -offset indent\n$ ") line
	}
	if (!found) { print "no example " file > "/dev/stderr"; exit 1 }
	print ".Ed"
	shown = 0
	close(file)
	next
}
{ print }
