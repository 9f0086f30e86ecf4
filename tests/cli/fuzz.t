#!/bin/sh
# Every input that a fuzzer found worth keeping is replayed: a folder
# tests/fuzz/corpus/NAME is for the target tests/fuzz/NAME.
. "${srcdir:-.}/tests/lib.sh"
for corpus in "$srcdir"/tests/fuzz/corpus/*/; do
	name=$(basename "$corpus")
	check "$name" "$builddir/tests/fuzz/$name" "$corpus"*
done
done_testing
