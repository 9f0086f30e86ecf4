#!/bin/bash
# What the README shows is what the programs print: its pipeline is a golden test.
. "${srcdir:-.}/tests/lib.sh"
cd "$srcdir" || exit 99
shown() { # every line of a file stands in the README, indented
	while IFS= read -r line; do
		grep -qxF -e "    $line" README.md || { echo "not in the README: $line"; return 1; }
	done
}
check 'the output of the pipeline' shown <tests/golden/alignx/readme/out
commands() { sed -e 's#\$tmp/##g' -e 's/--key key //' -e 's/^/$ /' tests/golden/alignx/readme/cmd | shown; }
check 'its commands' commands
check 'what alignx-pear prints' shown <tests/golden/alignx-pear/readme/out
pear_commands() { sed -e 's#\$tmp/##g' -e 's/^/$ /' tests/golden/alignx-pear/readme/cmd | shown; }
check 'the commands of alignx-pear' pear_commands
listed() { for p in $programs; do grep -q "^| \`$p\` |" README.md || { echo "$p is not in the table"; return 1; }; done; }
check 'the table of programs has them all' listed
environment() { # the command works in the root of the sources
	mkdir "$tmp/root" && ln -s "$builddir" "$tmp/root/build" && ln -s "$srcdir/schema" "$tmp/root/schema" && cd "$tmp/root" &&
	    command=$(grep '^    export PATH=' "$srcdir/README.md") && PATH=/usr/bin:/bin && unset ALIGNX_RULES && eval "$command" &&
	    alignx-map --extract </dev/null >out && [ "$(command -v alignx-map)" = "$PWD/build/alignx-map" ]
}
check 'its environment finds programs and rules' eval '(environment)'
by_hand() { grep -qF '`autoreconf -fi && mkdir -p build && cd build && ../configure && make && make check && make install`' README.md &&
    ! grep -nE '(^|[^.])\./configure' README.md; }
check 'a build by hand leaves the sources free for quickstart' by_hand
done_testing
