#!/bin/bash
# alignx-profile against means computed again in Python; conversions; the state of --update.
. "${srcdir:-.}/tests/lib.sh"
cd "$tmp" || exit 99
$PYTHON3 - <<'END'
import json, random
import struct
r = random.Random(4)
f32 = lambda x: struct.unpack("<f", struct.pack("<f", x))[0]
rows, want, compat, fell_apart = [], [], [], 0
for n in range(300):
    items = [[r.choice([0, 0.5, 1]) if n % 3 else 0.5 + r.choice([0, 0, 0, 0.5]) for _ in range(90)] for _ in range(r.randint(1, 8))]
    if n % 7 == 0: items = items[:1] * 5 + [[0.5] * 90] * 3
    if n % 11 == 0: items = [[1] + [0] + [0.5] * 88] + [[0.5] * 90] * 8	# 5/9 and 4/9
    u = r.randint(0, len(items))
    rows.append({"prompt": "p", "chosen": "c", "rejected": "r",
        "User-Generated Content": [{"prompt": "p", "comment": "c", "Preference Direction": d} for d in items[:u]],
        "Pair-wise Comparative Feedback": [{"prompt": "p", "chosen": "c", "rejected": "r", "Preference Direction": d} for d in items[u:]]})
    from fractions import Fraction as F
    def extremes(m):
        a, b = max(m), min(m)
        if a == b: return [0.5] * 90
        if 1 - a < b: return [1 if x == a else 0.5 for x in m]
        return [0 if x == b else 0.5 for x in m]
    mean = [sum(F(d[i]) for d in items) / len(items) for i in range(90)]
    d = [1 if m >= F(6, 10) else 0 if m <= F(4, 10) else 0.5 for m in mean]
    want.append(extremes(mean) if set(d) == {0.5} else d)
    c = [1 if f32(float(m)) >= 0.6 else 0 if f32(float(m)) <= 0.4 else 0.5 for m in mean]
    compat.append(extremes([f32(float(m)) for m in mean]) if set(c) == {0.5} else c)
    fell_apart += set(c) == {0.5} and extremes(mean) != compat[-1]
assert fell_apart > 0
open("rows", "w").writelines(json.dumps(x) + "\n" for x in rows)
show = lambda ds: "".join("[" + ",".join({0: "0", 0.5: "0.5", 1: "1"}[x] for x in d) + "]\n" for d in ds)
open("want", "w").write(show(want)); open("compat", "w").write(show(compat))
END
check 'exact means, thresholds and fall-back' cmp <(alignx-profile --to vector rows) want
check '--released-rounding rounds as the release does' cmp <(alignx-profile --released-rounding --to vector rows) compat
check '--compat, the older spelling, is accepted' cmp <(alignx-profile --compat --to vector rows) compat
check 'the two roundings differ somewhere' sh -c '! cmp -s want compat'
alignx-profile rows >json
check 'text and vector of a profile agree' cmp <(jq -c '{prompt:"",chosen:"",rejected:"",profile}' json | alignx-profile --from profile --to vector) <(jq -c .direction json | sed 's/1\.0/1/g; s/0\.0/0/g')
check '--to text writes the text alone' cmp <(alignx-profile --to text rows) <(jq -r .profile json)
alignx-profile --to vector rows >vectors; alignx-profile --to text rows >texts
check 'lines of vectors are read' cmp <(alignx-profile --from vector --to text vectors) texts
check 'lines of texts are read' cmp <(alignx-profile --from text --to vector texts) vectors
check 'JSON to vectors' cmp <(alignx-profile --from direction --to vector json) vectors
check 'JSON to texts, by the text' cmp <(alignx-profile --from profile --to text json) texts
check 'vectors to JSON and back' cmp <(alignx-profile --from vector vectors | alignx-profile --from direction --to vector) vectors
check 'texts to JSON are what rows give' cmp <(alignx-profile --from text texts) <(jq -c 'del(.items)' json | sed 's/1\.0/1/g; s/0\.0/0/g')
check 'a vector of the wrong length is refused' says 'v:2:' sh -c "head -1 vectors >v; echo '[0,2]' >>v; alignx-profile --from vector v"
check 'a line without a vector is refused' says 'expected 90 values' sh -c "echo 7 | alignx-profile --from vector"
check 'an unknown label is refused' says 'no label of a dimension begins here' sh -c "echo '{\"prompt\":\"\",\"chosen\":\"\",\"rejected\":\"\",\"profile\":\"Old\"}' | alignx-profile --from profile"
check 'a row without a history is refused' says 'no history with directions' sh -c "echo '{\"prompt\":\"\",\"chosen\":\"\",\"rejected\":\"\"}' | alignx-profile"

# users
jq -c 'select(.user and .intensities)' "$samples/good-mapped.jsonl" >mapped
alignx-profile mapped >once
check 'there is one profile per user, sorted by name' [ "$(jq -r .user once)" = "$(jq -r .user mapped | sort -u)" ]
half=$(($(wc -l <mapped) / 2))
head -n $half mapped >first; tail -n +$((half + 1)) mapped >second
alignx-profile --update state first >/dev/null; cp state half
alignx-profile --update state second >later
alignx-profile --update whole mapped >/dev/null
check 'two runs give the same state as one' cmp state whole
check 'only profiles that changed are written' cmp later <(grep -F -f <(jq -c '.user' later) once)
check 'an empty run changes nothing' sh -c "alignx-profile --update state </dev/null && cmp state whole"
check 'a broken state is reported with its line' says 'broken:2: expected a user' sh -c "head -1 state >broken; echo '{}' >>broken; alignx-profile --update broken mapped"
check 'a broken state file is left unchanged' [ "$(wc -l <broken)" = 2 ]
check 'records are refused with --update' says 'expected interactions, found' alignx-profile --update other rows
if [ -n "$ALIGNX_REALDATA" ]; then
	soups=$ALIGNX_REALDATA/alignx/p-soups-student_phd.json
	check 'and through vectors too' cmp <(alignx-profile --from profile --to vector "$soups" | alignx-profile --from vector --to text) <(jq -r '.[].profile' "$soups")
	check 'all 600 published profiles come back byte for byte' cmp <(alignx-profile --from profile --to text "$soups") <(jq -r '.[].profile' "$soups")
else
	skip 'published profiles' 'ALIGNX_REALDATA is not set'
fi
done_testing
