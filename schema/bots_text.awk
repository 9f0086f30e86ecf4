# bots_text.awk - schema/bots.txt as a C string, without its comments.
BEGIN { print "static const char bots_text[] =" }
/^[^#]/ { gsub(/[\\"]/, "\\\\&"); printf "\t\"%s\\n\"\n", $0 }
END { print "\t\"\";" }
