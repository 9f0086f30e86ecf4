#!/bin/sh
# The table of allowed arrows: a room includes its own headers and those of the rooms named
# after it, and nothing else.  Then: libraries neither print nor end the program.
. "${srcdir:-.}/tests/lib.sh"
cd "$srcdir" || exit 99

sources() { find "$1" -maxdepth 1 -name '*.[ch]' -o -maxdepth 1 -name '*.cc'; }
may() { # room, then the rooms below it
	room=$1
	allowed=$(echo "$@" | tr ' ' '|')
	! sources "$room" | xargs grep -n '^#include "' /dev/null |
	    grep -vE "\"(config.h|($allowed)/[^/\"]+)\""
}
core=lib/core
lib="lib/core lib/text lib/io lib/json lib/msgpack lib/match"
cli="lib/cli $lib"
infer="infer/tensor infer/matmul infer/model infer/tokenizer infer/forward infer/pear"

arrows="
lib/core
lib/text: $core
lib/msgpack: $core
lib/io: $core lib/msgpack
lib/json: $core lib/msgpack
lib/match: $core
lib/cli: $core lib/io lib/json
schema: $lib
annotate: $core lib/text lib/json lib/match schema
infer/tensor: $core
infer/matmul: $core infer/tensor
infer/model: $core lib/json infer/tensor infer/matmul
infer/tokenizer: $core lib/json infer/model
infer/forward: $core infer/tensor infer/matmul infer/model
infer/pear: $core lib/io lib/json infer/matmul infer/model infer/tokenizer infer/forward
stages: $cli schema annotate
stages/build: $cli schema annotate
stages/dedup: $cli schema
stages/emit: $cli schema
stages/fit: $cli schema annotate
stages/ingest: $cli schema
stages/map: $cli schema annotate $infer
stages/pair: $cli schema annotate
stages/pear: $cli $infer
stages/profile: $cli schema
stages/score: $cli schema $infer
stages/validate: $cli schema
"
named=$(echo "$arrows" | sed -n 's/^\([a-z/]*\):* *.*$/\1/p' | grep . | sort)
rooms=$(find lib schema annotate infer stages -name '*.[ch]' | sed 's#/[^/]*$##' | sort -u)
check 'every room is in the table of arrows, and every room of the table exists' [ "$named" = "$rooms" ]
echo "$arrows" | grep . >"$tmp/arrows"
while read -r room below; do
	check "${room%:} includes only: ${below:-itself}" may "${room%:}" $below
done <"$tmp/arrows"

libraries() { find lib schema annotate infer -name '*.c' | grep -vE "$1"; }
speaks='\b(exit|_exit|abort|printf|vprintf|puts|perror|fputs|fputc|putc|putchar|fwrite)\('
# what tool_main() is made of prints; arena.c ends the program when memory is out
check 'libraries neither print nor exit' sh -c "! grep -nE '$speaks' $(libraries '^lib/cli/|^lib/io/progress.c|^lib/core/arena.c|^schema/print_schemas.c' | tr '\n' ' ')"

code() { find lib schema annotate infer stages -name '*.[ch]'; }
one_tag() { # a struct, enum or union of one name is defined in one file alone
	code | xargs grep -hoE '^[[:space:]]*(typedef )?(struct|enum|union) [a-z_0-9]+ \{' /dev/null |
	    grep -oE '[a-z_0-9]+ \{' | sort | uniq -d | grep . && return 1
	return 0
}
check 'no tag of a struct, enum or union means two things' one_tag
opens() { # a .c file without a header of its own says first what it does
	code | grep '\.c$' | while read -r file; do
		[ -f "${file%.c}.h" ] || head -c 3 "$file" | grep -q '^/\* ' || echo "$file"
	done | grep . && return 1
	return 0
}
check 'every .c file without a header opens with what it does' opens
done_testing
