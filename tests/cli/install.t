#!/bin/sh
# make install puts programs, pages and completions where shells and man look for them, and
# make uninstall takes them away.
. "${srcdir:-.}/tests/lib.sh"
root=$tmp/root
run_make() { (unset MAKEFLAGS MFLAGS MAKELEVEL; make -s -C "$builddir" DESTDIR="$root" prefix=/usr \
    bindir=/usr/bin datarootdir=/usr/share datadir=/usr/share mandir=/usr/share/man "$@"); }
archives() { : >"$tmp/member"; flags=$(sed -n 's/^ARFLAGS = //p' "$builddir/Makefile"); said=$(ar "$flags" "$tmp/x.a" "$tmp/member" 2>&1); [ -f "$tmp/x.a" ] && [ -z "$said" ]; }
check 'archives are made without a word' archives
check 'make install works' run_make install
share=$root/usr/share
for prog in $programs; do
	check "$prog is installed" [ -x "$root/usr/bin/$prog" ]
	check "$prog(1) is installed" [ -s "$share/man/man1/$prog.1" ]
	check "$prog: bash completion is installed" [ -s "$share/bash-completion/completions/$prog" ]
	check "$prog: zsh completion is installed" [ -s "$share/zsh/site-functions/_$prog" ]
	check "$prog: fish completion is installed" [ -s "$share/fish/vendor_completions.d/$prog.fish" ]
done
check 'alignx-formats(5) is installed' [ -s "$share/man/man5/alignx-formats.5" ]
check 'alignx(7) is installed' [ -s "$share/man/man7/alignx.7" ]
check 'no other page is' [ "$(find "$share/man" -type f | wc -l)" -eq $(($(echo $programs | wc -w) + 2)) ]
check 'an installed program finds the others beside it' sh -c "$root/usr/bin/alignx | grep -q '^  pair '"
check 'make uninstall works' run_make uninstall
check 'nothing is left' [ -z "$(find "$root" -type f)" ]
done_testing
