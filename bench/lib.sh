# shellcheck shell=bash
# lib.sh - what the benchmarks share; source it with the build folder as $1.
LC_ALL=C
export LC_ALL
bench=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$bench")
build=$(cd "${1:?usage: $0 BUILD_FOLDER [MEBIBYTES]}" && pwd)
mebibytes=${2:-1024}
PATH=$build:$PATH ALIGNX_RULES=${ALIGNX_RULES:-$root/schema/rules}
export PATH ALIGNX_RULES
commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)
# the processor, and the widest registers it has
host=$(awk -F ': *' '
	/^model name/ { name = tolower($2) }
	/^flags/ { wide = / avx512f/ ? "avx512" : / avx2/ ? "avx2" : "plain"; exit }
	END { gsub(/[^a-z0-9]+/, "-", name); print (name == "" ? "unknown" : name) "-" wide }' /proc/cpuinfo)
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT

dump() { # writes $tmp/dump.ndjson
	cc -O2 -o "$tmp/make_dump" "$bench/make_dump.c" -lm || exit 2
	"$tmp/make_dump" "$mebibytes" >"$tmp/dump.ndjson"
	bytes=$(stat -c %s "$tmp/dump.ndjson")
}

# timed COMMAND... - runs it three times; the least wall time is $seconds, the
# largest resident set $kib
timed() {
	seconds='' kib=0
	for _ in 1 2 3; do
		/usr/bin/time -f '%e %M' -o "$tmp/time" "$@" || { echo "failed: $*" >&2; exit 1; }
		read -r s k <"$tmp/time"
		seconds=$(awk -v a="${seconds:-1e9}" -v b="$s" 'BEGIN { print b < a ? b : a }')
		[ "$k" -le "$kib" ] || kib=$k
	done
}

# report WHAT SECONDS PEER PEER_SECONDS HASH - one CSV line, which is kept in
# results/HOST.csv too if KEEP is set
report() {
	head="what,commit,host,bytes,seconds,MB/s,KiB,peer,peer seconds,times as fast,hash"
	line=$(awk -v OFS=, -v what="$1" -v s="$2" -v peer="$3" -v p="$4" -v hash="$5" -v commit="$commit" \
	    -v host="$host" -v bytes="$bytes" -v kib="$kib" \
	    'BEGIN { print what, commit, host, bytes, s, sprintf("%.0f", bytes / s / 1e6), kib, peer, p, sprintf("%.2f", p / s), hash }')
	echo "$head" >&2
	echo "$line"
	[ -n "${KEEP:-}" ] || return 0
	mkdir -p "$bench/results"
	[ -s "$bench/results/$host.csv" ] || echo "$head" >"$bench/results/$host.csv"
	echo "$line" >>"$bench/results/$host.csv"
}
