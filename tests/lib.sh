# shellcheck shell=sh
# lib.sh - TAP for shell tests; source it first.
: "${srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}" "${builddir:=$srcdir}"
: "${PYTHON3:=/usr/bin/python3}"
PATH=$builddir:$PATH
LC_ALL=C
ALIGNX_RULES=${ALIGNX_RULES:-$srcdir/schema/rules}
ALIGNX_PROGRESS=never	# no line of counts at the end
export PATH LC_ALL ALIGNX_RULES ALIGNX_PROGRESS srcdir builddir
: "${programs:=}"	# those that were built
samples=$srcdir/data-samples; export samples
# a program that stops at a fault leaves its memory to the system; unit tests
# look for leaks, memory.t for growth
ASAN_OPTIONS=detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}; export ASAN_OPTIONS
count=0
tmp=$(mktemp -d) || exit 99
export tmp
trap 'rm -rf "$tmp"' EXIT
XDG_DATA_HOME=$tmp/home XDG_CACHE_HOME=$tmp/cache; export XDG_DATA_HOME XDG_CACHE_HOME
# one key for all tests, so that pseudonyms are always the same
mkdir -p "$tmp/home/alignx"; (umask 077; printf 0123456789abcdef0123456789abcdef >"$tmp/home/alignx/key")
# check WHAT COMMAND... - ok if the command succeeds
check() {
	what=$1; shift; count=$((count + 1))
	if "$@" >"$tmp/said" 2>&1; then echo "ok $count - $what"
	else echo "not ok $count - $what"; sed 's/^/# /' "$tmp/said"; fi
}
# skip WHAT WHY - counted and shown, not run
skip() { count=$((count + 1)); echo "ok $count - $1 # SKIP $2"; }
# exits CODE COMMAND... - succeeds if the command ends with that status
exits() { want=$1; shift; "$@"; got=$?; [ "$got" -eq "$want" ] || { echo "exit $got, wanted $want"; return 1; }; }
# says PATTERN COMMAND... - succeeds if standard error matches
says() { pattern=$1; shift; "$@" 2>"$tmp/err" >/dev/null; grep -q -e "$pattern" "$tmp/err" || { cat "$tmp/err"; return 1; }; }
done_testing() { echo "1..$count"; }
