#!/bin/bash
# What a test part costs: for several shares, the test pairs and the lost ones, of all pairs.
# The peer is the split by hashes: a pair counts if its thread and its authors all fall on one side.
#	usage: bench/split.sh BUILD_FOLDER DUMP...
# prints, for each share asked: the kind, test and lost pairs in per cent, of the pairs of each
# dump folder or file together; then the hash of all figures.
. "$(dirname "$0")/lib.sh"
shift
head -c 32 /dev/zero >"$tmp/key"; chmod 600 "$tmp/key"
[ $# -gt 0 ] || { echo "usage: bench/split.sh BUILD_FOLDER DUMP..." >&2; exit 2; }
alignx-build -o "$tmp/built" --keep --ingest "--key $tmp/key" "$@" >/dev/null 2>&1
[ -d "$tmp/built/.work/pair" ] || { echo 'bench/split.sh: the build failed' >&2; exit 2; }
pairs() { cat "$tmp"/built/.work/pair/*/part-*.msgpack; }
curve() { # SPLIT
	for share in 0.025 0.05 0.075 0.1 0.15 0.2 0.25; do
		pairs | alignx-emit -q --split "$1" --test-share $share --write-split "$tmp/split"
		head -1 "$tmp/split" | awk -v kind="$1" -v asked=$share \
		    '{ printf "%s: asked %.1f %%, test %.1f %%, lost %.1f %% of %d pairs\n", kind, 100 * asked, 100 * $9 / $8, 100 * $10 / $8, $8 }'
	done
}
hashes() {
	pairs | alignx-cat -k pair | python3 -c '
import hashlib, json, sys
def side(name, share):
    return int(hashlib.sha256(name.encode()).hexdigest()[:12], 16) < share * 16**12
rows = []
for line in sys.stdin:
    p = json.loads(line)
    post = p["post"]
    names = [post.get("thread", post["id"])] + [u for u in (post.get("thread_user"), post.get("user"), p["first"].get("user"), p["second"].get("user")) if u]
    rows.append(set(names))
for share in (0.1, 0.25):
    whole = [[side(n, share) for n in names] for names in rows]
    test, train = sum(all(w) for w in whole), sum(not any(w) for w in whole)
    print("hashes: asked %.1f %%, test %.1f %%, lost %.1f %% of %d pairs" % (100 * share, 100 * test / len(rows), 100 * (1 - (test + train) / len(rows)), len(rows)))'
}
{ hashes; for kind in thread user community time; do curve $kind; done; } | tee "$tmp/figures"
sha256sum <"$tmp/figures" | cut -c1-16
