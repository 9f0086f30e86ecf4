#!/bin/sh
# Real compressed files and archives, whole, cut and damaged, become the bytes
# and the items that were put in.
. "${srcdir:-.}/tests/lib.sh"
items=$builddir/tests/cli/items
cd "$tmp" || exit 99

same() { "$@" >got 2>err; cmp got plain && cmp err /dev/null; }
says() { want=$1; shift; "$@" >got 2>err; cat err; grep -qx -e "$want" err; }
has() { command -v "$1" >/dev/null; }
skip() { count=$((count + 1)); echo "ok $count # SKIP $1"; }
awk 'BEGIN { for (i = 1; i <= 40000; i++) printf "{\"n\": %d, \"of\": %.0f}\n", i, i * i * 7919 }' >plain

# What is delivered of a broken file is what was put in, and not too little.
delivers() { # least-bytes file
	"$items" -b "$2" >got 2>err && { echo 'no fault'; return 1; }
	len=$(wc -c <got)
	echo "$len bytes, at least $1 wanted; $(cat err)"
	head -c "$len" plain | cmp - got && [ "$len" -ge "$1" ] &&
	    grep -q "after $len bytes" err
}
# The items of a broken file are its whole lines, then comes the break.
breaks_between_lines() {
	whole=$("$items" -b "$1" 2>/dev/null | wc -l)
	"$items" "$1" >got 2>err && return 1
	[ "$(grep -c ":line: " got)" -eq "$whole" ] &&
	    [ "$(grep -c ":broken: " got)" -eq 1 ] &&
	    tail -n 1 got | grep -q ":$((whole + 1)):[0-9]*:[0-9]*:broken: "
}
cut_file() { # name bytes-from-the-end
	head -c "$(($(wc -c <"$1") - $2))" "$1" >"cut.$1"
}

"$items" plain >plain.items
for tool in gzip xz bzip2 zstd lz4 lzip; do
	if ! has $tool; then skip "no $tool here"; continue; fi
	$tool -c <plain >file.$tool
	check "$tool" same "$items" -b file.$tool
	"$items" file.$tool | sed "s/^file\.$tool:/plain:/" >file.items
	check "$tool, its items" cmp file.items plain.items
	check "$tool from a pipe" sh -c "cat file.$tool | '$items' -b - | cmp - plain"
done
for tool in gzip xz bzip2 zstd; do
	has $tool || continue
	{ head -n 10 plain | $tool -c; tail -n +11 plain | $tool -c; } >two.$tool
	check "$tool, two files in one" same "$items" -b two.$tool
	cut_file file.$tool 20
	salvage=1000000; [ $tool = bzip2 ] && salvage=0	# it is one block
	check "$tool, cut" delivers $salvage cut.file.$tool
	check "$tool, cut, is reported as truncated" grep -q 'truncated: the .* data stop in the middle' err
	check "$tool, cut, its lines" breaks_between_lines cut.file.$tool
	head -c 100000 file.$tool >bad.$tool
	head -c 100 /dev/zero >>bad.$tool
	tail -c +100101 file.$tool >>bad.$tool
	check "$tool, damaged" says "bad.$tool: broken $tool data after [0-9]* bytes: .*" "$items" -b bad.$tool
	cp file.$tool more.$tool; echo hello >>more.$tool
	check "$tool, trailing garbage is reported" says ".*: after [0-9]* bytes the $tool data end and something else follows" \
	    "$items" -b more.$tool
done
: >nothing
gzip -c <nothing >nothing.gz
check 'an empty file holds nothing' sh -c "'$items' nothing nothing.gz | cmp - /dev/null"
check 'standard input may be empty' sh -c "'$items' - </dev/null"
check 'a missing file is reported' says 'items: no-such-file: No such file or directory' "$items" no-such-file
mkdir folder
check 'a directory is refused, with the cure' says 'items: folder: is a directory; name the files in it' "$items" folder
check 'a directory as standard input too' says 'items: stdin: is a directory.*' sh -c "'$items' - <folder"

# Windows that only libzstd reads, if it is asked to.
if has zstd; then
	zstd -q --long=31 -c <plain >long.zst
	check 'the window of long.zst is 2 GiB' sh -c "od -An -tx1 -j5 -N1 long.zst | grep -q a8"
	check 'a window of 2 GiB' same "$items" -b long.zst
	check 'a window of 2 GiB from a slow pipe' sh -c "
	    { head -c 2 long.zst; sleep 0.1; tail -c +3 long.zst; } | '$items' -b - | cmp - plain"
	check 'a window over the limit' says \
	    'items: long.zst: needs a zstd window of 2^31 bytes, and 2^27 are allowed; give --zstd-window 31' \
	    "$items" -w 27 long.zst
	cut_file long.zst 20
	check 'a window of 2 GiB, cut' delivers 1000000 cut.long.zst
	split -b 10000 plain part.
	for part in part.*; do zstd -q -c "$part"; done >many.zst
	check 'many frames' same "$items" -b many.zst
	if has pzstd; then
		pzstd -q -p 2 -c plain >p.zst
		check 'pzstd' same "$items" -b p.zst
	else skip 'no pzstd here'; fi
else skip 'no zstd here'; fi

# The blocks of Arctic Shift, each with its length, its rows and where they are.
blocks() { # rows-a-block [damage]: writes them to standard output
	"$PYTHON3" - "$@" <<'END'
import struct, subprocess, sys
rows = open("plain", "rb").read().splitlines()
n = int(sys.argv[1])
for i in range(0, len(rows), n):
    part, at = rows[i:i + n], 0
    info = b""
    for row in part:
        info += struct.pack("<II", at, len(row))
        at += len(row)
    if i >= 2000 and sys.argv[2:] == ["offset"]:
        info = struct.pack("<II", at, 1) + info[8:]
    if i >= 2000 and sys.argv[2:] == ["overlap"]:
        info = struct.pack("<II", 0, at) * len(part)
    block = subprocess.run(["zstd", "-qc"], stdout=subprocess.PIPE, check=True,
                           input=struct.pack("<I", len(part)) + info + b"".join(part)).stdout
    more = 3 if i >= 2000 and sys.argv[2:] == ["length"] else 0
    sys.stdout.buffer.write(struct.pack("<I", len(block) + more) + block + bytes(more))
END
}
if has zstd && [ "${PYTHON3:-no}" != no ]; then
	blocks 1000 >rows.zst_blocks; blocks 40000 >one.zst_blocks
	check 'zst_blocks' same "$items" -b rows.zst_blocks
	check 'zst_blocks of one block' same "$items" -b one.zst_blocks
	check 'zst_blocks from a slow pipe' sh -c "
	    { head -c 2 rows.zst_blocks; sleep 0.1; tail -c +3 rows.zst_blocks; } | '$items' -b - | cmp - plain"
	# a length of 256 begins with a zero, which is no padding
	"$PYTHON3" -c 'import struct, sys
row = b"{\"pad\":\"" + 222 * b"x" + b"\"}"
block = struct.pack("<III", 1, 0, len(row)) + row
frame = struct.pack("<IBI", 0xfd2fb528, 0xa0, len(block)) + struct.pack("<I", len(block) << 3 | 1)[:3] + block
assert len(frame) == 256
open("row", "wb").write(2 * (row + b"\n"))
sys.stdout.buffer.write(2 * (struct.pack("<I", len(frame)) + frame))' >zero.zst_blocks
	check 'zst_blocks whose length begins with a zero' sh -c "'$items' -b zero.zst_blocks | cmp - row"
	cut_file rows.zst_blocks 20
	check 'zst_blocks, cut' delivers 1000000 cut.rows.zst_blocks
	for damage in offset overlap length; do
		blocks 1000 $damage >bad.zst_blocks
		check "zst_blocks with a wrong $damage" says 'bad.zst_blocks: broken zst_blocks data after [0-9]* bytes: a .*' "$items" -b bad.zst_blocks
		check "zst_blocks with a wrong $damage, the blocks before" [ "$(wc -l <got)" -eq 2000 ]
	done
else skip 'no zstd or python here'; fi

# Archives: the regular files in them, by name.
mkdir folder/sub
head -n 3 plain >folder/first.json
tail -n 2 plain >folder/sub/second.json
ln -s first.json folder/link; ln folder/first.json folder/z-hard
: >folder/sub/empty
tar --sort=name -cf two.tar folder
cat >want.items <<'EOF'
two.tar/folder/first.json:1:0:20:line: {"n": 1, "of": 7919}
two.tar/folder/first.json:2:21:21:line: {"n": 2, "of": 31676}
two.tar/folder/first.json:3:43:21:line: {"n": 3, "of": 71271}
two.tar/folder/sub/second.json:1:0:34:line: {"n": 39999, "of": 12669766487919}
two.tar/folder/sub/second.json:2:35:34:line: {"n": 40000, "of": 12670400000000}
EOF
is_two() { "$items" "$1" >got 2>err; sed "s:^$1/:two.tar/:" got | diff - want.items && cmp err /dev/null; }
check 'tar' is_two two.tar
gzip -c two.tar >two.tar.gz;	check 'tar.gz' is_two two.tar.gz
xz -c two.tar >two.tar.xz;	check 'tar.xz' is_two two.tar.xz
if has zstd; then
	zstd -q --long=31 -c <two.tar >two.tar.zst
	check 'tar.zst with a window of 2 GiB' is_two two.tar.zst
	cp plain folder/sub/plain
	tar -C folder/sub -cf - plain | zstd -q -c >plain.tar.zst
	cut_file plain.tar.zst 20
	check 'tar.zst, cut' says 'cut.plain.tar.zst/plain: truncated: the zstd data .*' "$items" -b cut.plain.tar.zst
	check 'tar.zst, cut, what is before the cut' sh -c 'cmp got plain 2>&1 | grep "EOF on got after byte 13"'
	mkdir packed
	zstd -q --long=31 -c <plain >packed/long.zst
	gzip -c <plain >packed/plain.gz
	tar --sort=name -cf packed.tar packed
	"$items" packed.tar | sed 's,^packed.tar/packed/[a-z.]*:,plain:,' >got
	check 'compressed files in a tar' sh -c 'cat plain.items plain.items | cmp - got'
	check 'a window over the limit in a tar, and the file after it' sh -c "
	    '$items' -b -w 27 packed.tar 2>err | cmp - plain &&
	    grep -q 'packed.tar/packed/long.zst: needs a zstd window of 2^31' err"
fi
head -c 3000000 /dev/zero | tr '\0' 'x' >folder/sub/long
tar -cf cut.tar -C folder/sub long
head -c 2000000 cut.tar >cut.cut.tar
check 'tar, cut' says 'cut.cut.tar/long: broken after 1999488 bytes: Truncated tar.*' "$items" -b cut.cut.tar
check 'tar, cut, what is before the cut' [ "$(wc -c <got)" -eq 1999488 ]
cp plain hole; dd if=plain of=hole bs=1000000 seek=3 2>/dev/null; tar -Scf hole.tar hole
check 'a file with a hole in a tar' sh -c "'$items' -b hole.tar | cmp - hole"
mv folder/first.json "folder/a
b$(printf '\033')[1m.json"
tar -cf odd.tar folder/a*
check 'a name cannot speak to the terminal' sh -c "'$items' odd.tar | grep -q '^odd.tar/folder/a?b?.1m.json:1:0:'"
check 'a name that begins like JSON' sh -c "cp plain '[plain]' && tar -cf braces.tar '[plain]' && '$items' -b braces.tar | cmp - plain"
if [ "${PYTHON3:-no}" != no ]; then
	"$PYTHON3" -c 'import sys, zipfile
with zipfile.ZipFile("two.zip", "w", zipfile.ZIP_DEFLATED) as z:
	z.writestr("folder/first.json", "".join(open("plain").readlines()[:3]))
	z.writestr("folder/sub/second.json", "".join(open("plain").readlines()[-2:]))'
	check 'zip' is_two two.zip
	check 'zip from a pipe' sh -c "cat two.zip | '$items' - | sed 's,^stdin/,two.tar/,' | diff - want.items"
	# Peak memory must not grow with a line that is too long.
	peak() { "$PYTHON3" -c 'import resource, subprocess, sys
subprocess.run(sys.argv[2:], stdin=subprocess.Popen("yes x | tr -d \\\\n | head -c " + sys.argv[1], shell=True, stdout=subprocess.PIPE).stdout, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$@"; }
	once=$(peak 20000000 "$items" -l -m 1000000 -) ten=$(peak 200000000 "$items" -l -m 1000000 -)
	check "memory does not grow with a line ($once kB, $ten kB)" [ "$ten" -lt "$((once + 2000))" ]
else skip 'no python here'; fi

if [ -n "$ALIGNX_REALDATA" ]; then
	count_items() { "$items" -m 16777216 "$ALIGNX_REALDATA/$2" >got 2>err; cat err; [ "$(grep -c ":$3: " got)" -eq "$1" ]; }
	check 'RC_2005-12.zst' count_items 1075 pushshift/RC_2005-12.zst line
	check 'AskMen_submissions.zst' count_items 13050 pushshift/AskMen_submissions.zst line
	check 'harmless-base.test.jsonl.gz' count_items 2312 hh-rlhf/harmless-base.test.jsonl.gz line
	check 'p-soups-student_phd.json' count_items 600 alignx/p-soups-student_phd.json array
else skip 'ALIGNX_REALDATA is not set'; fi
done_testing
