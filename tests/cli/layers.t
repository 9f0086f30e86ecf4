#!/bin/sh
# The house has one direction: a room may look only into the rooms below it.
. "${srcdir:-.}/tests/lib.sh"
may() { # room, then the rooms it may include from
	room=$1; shift; allowed=$(echo "$@" | tr ' ' '|')
	! find "$srcdir/$room" -name '*.[ch]' -o -name '*.cc' |
	    xargs grep -n '^#include "' /dev/null |
	    grep -vE "\"(config.h|($allowed)/[^/\"]+)\""
}
check 'lib looks at nothing above it' may lib lib
check 'schema looks at lib alone' may schema schema lib
check 'stages may use schema, infer and lib' may stages stages schema infer lib
library() { ls "$srcdir"/lib/*.c "$srcdir"/schema/*.c | grep -v print_schemas.c; }
check 'only tool.c, report.c, progress.c and faces of options speak or end the program' sh -c "
	! grep -nE '\\b(exit|printf|puts|perror|fputs|putchar)\\(' $(library | tr '\n' ' ') |
	grep -vE '/(tool|report|progress|opt_print|opt_completion|arena)\\.c:'"
done_testing
