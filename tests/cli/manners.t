#!/bin/sh
# What every program of the kit must do, whatever its work.
. "${srcdir:-.}/tests/lib.sh"
fails_with() { want=$1; shift; "$@" </dev/null; [ $? -eq "$want" ]; }
silent() { [ -z "$("$@" 2>&1)" ]; }
shown_in() { grep -q -e "$1" "$2"; }
begins_with_name() { "$1" --no-such-option 2>&1 >/dev/null | grep -q "^$1: .*; try $1 --help$"; }
none_longer_than() { ! awk -v most="$1" 'length > most { print; found = 1 } END { exit !found }' "$2"; }
on_a_terminal() { columns=$1; shift; COLUMNS=$columns script -qec "$*" /dev/null </dev/null | tr -d '\r'; }
for prog in $programs; do
	check "$prog --help exits 0" "$prog" --help
	$prog --help >"$tmp/help"
	check "$prog --help keeps to 80 columns" none_longer_than 80 "$tmp/help"
	check "$prog --version names it" sh -c "$prog --version | grep -q '^$prog '"
	check "$prog refuses an unknown option with 2" fails_with 2 "$prog" --no-such-option
	check "$prog says how to get help" begins_with_name "$prog"
	check "$prog --help notices a full disk" fails_with 2 sh -c "$prog --help >/dev/full"
	page=$builddir/man/$prog.1
	check "$prog(1) passes mandoc -Tlint" silent mandoc -Tlint -Wwarning "$page"
	$prog --print-completion=words | while read -r word rest; do echo "$word"; done >"$tmp/words"
	mandoc -Tascii "$page" | col -b >"$tmp/page"
	for section in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' 'SEE ALSO'; do
		check "$prog(1) has $section" shown_in "^$section" "$tmp/page"
	done
	while read -r word; do
		check "$prog $word is in --help" shown_in "$word" "$tmp/help"
		check "$prog $word is in its page" shown_in "$word" "$tmp/page"
	done <"$tmp/words"
	check "$prog completion is valid bash" sh -c "$prog --print-completion=bash | bash -n"
	for shell in zsh fish; do
		if command -v $shell >/dev/null; then
			check "$prog completion is valid $shell" sh -c "$prog --print-completion=$shell >$tmp/script && $shell --no-exec $tmp/script"
		else skip "$prog completion is valid $shell" 'there is none here'; fi
	done
	check "$prog is in alignx(7)" grep -q "Xr $prog 1" "$builddir/man/alignx.7"
done
for words in In-context Preference-bridged Position-embedding-agnostic arxiv.org/abs/2503.15463 datasets/JinaLeejnl/AlignX; do
	check "alignx(7) has $words" grep -q "$words" "$builddir/man/alignx.7"
done
for page in "$builddir"/man/alignx.7 "$builddir"/man/alignx-formats.5; do
	check "$(basename "$page") passes mandoc -Tlint" silent mandoc -Tlint -Wwarning "$page"
done
on_a_terminal 60 alignx-score --help >"$tmp/help"
check '--help keeps to the width of a terminal' none_longer_than 60 "$tmp/help"
check '--help fills the width of a terminal' grep -qE '^.{52,}$' "$tmp/help"
check '--help indents the lines that it wraps' sh -c "! grep -vE '^(usage|alignx|  |\$)' $tmp/help"
on_a_terminal 60 alignx --help >"$tmp/help"
check 'alignx --help keeps to the width of a terminal' none_longer_than 60 "$tmp/help"
COLUMNS=60 alignx-score --help >"$tmp/piped"; alignx-score --help >"$tmp/help"
check '--help in a pipe does not depend on COLUMNS' cmp "$tmp/piped" "$tmp/help"

# alignx itself
alignx help >"$tmp/list"
check 'alignx alone is alignx help' sh -c "alignx | cmp - $tmp/list"
check 'alignx --help is alignx help' sh -c "alignx --help | cmp - $tmp/list"
listed() { sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p' "$1" | tr '\n' ' '; }
in_order='ingest extract map dedup shard pair emit validate cat profile score pear fit build '
check 'alignx help lists all programs, in the order of the data' [ "$(listed "$tmp/list")" = "$in_order" ]
check 'alignx help misses no program' [ "$(echo $programs | tr ' ' '\n' | grep -c -)" = "$(echo $in_order | wc -w)" ]
check 'alignx help pair is alignx pair --help' [ "$(alignx help pair)" = "$(alignx pair --help)" ]
check 'alignx help pear learn is alignx pear learn --help' [ "$(alignx help pear learn)" = "$(alignx-pear learn --help)" ]
check 'alignx help alignx-pair is alignx help pair' [ "$(alignx help alignx-pair)" = "$(alignx help pair)" ]
check 'alignx help --help is alignx help' sh -c "alignx help --help | cmp - $tmp/list && alignx help -h | cmp - $tmp/list"
check 'an unknown program: the one meant is named' says "no program 'vaildate' (did you mean validate?)" alignx vaildate
check 'a program that is begun: it is named' says "no program 'prof' (did you mean profile?)" alignx prof
check 'help for an unknown program: the same' says "no program 'scroe' (did you mean score?)" alignx help scroe
check 'a name like no other: nothing is proposed' says "no program 'wombat'; alignx help" alignx wombat
check 'an unknown program ends with 2' exits 2 alignx wombat
check 'an unknown option: the one meant is named' says 'no option --ouput (did you mean --output?); try' alignx-pair --ouput x

check 'an unknown command: the one meant is named' says 'detct is not a command (did you mean detect?); the commands are detect, learn and apply' alignx-pear detct model
check 'a command like no other: nothing is proposed' says 'wombat is not a command; the commands are' alignx-pear wombat
check 'an option before the command: it is said what comes first' says 'the command comes first: alignx-pear learn' alignx-pear --seed 3 learn model
capitalised() { awk 'it && /^(Each|Generic|Detect|Learn|Apply):/ { print FILENAME ": " $0; bad = 1 } { it = /^\.It / } END { exit bad }' "$@"; }
check 'a page leaves a literal word in lower case' capitalised "$builddir"/man/*.1
helps_with_output() { "$@" --help | tr -s ' \n' ' ' | grep -o 'output file write to file, which appears under its name only when it is complete; a name that ends in .zst is compressed'; }
for prog in alignx-cat 'alignx-pear detect' 'alignx-pear learn' 'alignx-pear apply'; do
	check "$prog --help says of -o what others say" helps_with_output $prog
done

in_page=$(sed -n 's/^\.It Xr alignx-\([a-z]*\) 1/\1/p' "$builddir/man/alignx.7" | tr '\n' ' ')
check 'alignx(7) lists them in the same order' [ "$in_page" = "$in_order" ]

# what is said at the end
row='{"prompt":"a","chosen":"b","rejected":"c"}'
sums_up() { on_a_terminal 80 "echo '$row' | env -u ALIGNX_PROGRESS $1" | grep -q "$2"; }
silent_but() { got=$(echo "$row" | sh -c "$2" 2>&1 >/dev/null); [ "$got" = "$1" ] || { echo "$got"; return 1; }; }
check 'a terminal gets a summary' sums_up 'alignx-cat -t json -o /dev/null' 'alignx-cat: 1 record read, 0 refused, [0-9]* bytes written, [0-9.]* s'
check '-q: a terminal gets none' sh -c "! $(command -v script) -qec \"echo '[]' | alignx-cat -q -t json -o /dev/null\" /dev/null </dev/null | grep -q ."
for program in 'extract' 'map --extract' 'pair' 'cat -t msgpack'; do
	check "alignx-$program writes no msgpack to a terminal" sums_up "alignx-$program" 'msgpack is not written to a terminal; '
done
check 'a file gets no summary' silent_but '' 'alignx-cat -t json'
check 'nothing comes out of something: it is said' silent_but 'alignx-cat: 1 record read, 0 refused, nothing written' 'alignx-cat -t json -k interaction'
check 'even with -q' silent_but 'alignx-cat: 1 record read, 0 refused, nothing written' 'alignx-cat -q -t json -k interaction'
check 'not of a verdict' silent_but '' 'alignx-validate'
check 'not of files in a folder' silent_but '' "alignx-cat -t msgpack | alignx-shard --by post -o $tmp/shards"
check 'not of empty input' silent_but '' 'alignx-cat -t json </dev/null'

# one write() each: a socket keeps them apart
cat >"$tmp/writes.pl" <<'END'
use Socket;
socketpair(my $ours, my $theirs, AF_UNIX, SOCK_DGRAM, PF_UNSPEC) or die;
if (fork() == 0) { open(STDERR, '>&', $theirs) or die; exec('sh', '-c', $ARGV[0]) or die }
wait;
while (defined recv($ours, my $piece, 65536, Socket::MSG_DONTWAIT)) { $piece =~ s/\n(?=.)/|/g; $piece =~ s/\n?$/;/; print $piece }
print "\n";
END
writes() { got=$(perl "$tmp/writes.pl" "$2 >/dev/null"); echo "$got" | grep -qE "^$1\$" || { echo "$got"; return 1; }; }
check 'a summary is one write' writes 'alignx-cat: 1 record read, 0 refused, nothing written;' "echo '$row' | alignx-cat -k pair -t json"
check 'a refused record is one write' writes 'alignx-validate: stdin:1:[^;]*;' "echo '{}' | alignx-validate"
check 'an unknown program is one write' writes 'alignx: there is no program [^;]*; alignx help lists them;' 'alignx vaildate'

# a line of counts at the end, if something was dropped
twice() { { echo "$row"; echo "$row"; } | alignx-cat -t msgpack | env -u ALIGNX_PROGRESS alignx-dedup "$@" -o /dev/null 2>&1; }
check 'what was dropped, and why' [ "$(twice | sed 's/[0-9.]* s:/T s:/')" = 'alignx-dedup: 2 records read, 0 refused, 30 bytes written, T s: dropped-exact 1, too-short-for-near 1, kept 1' ]
check '--progress never: no line' [ -z "$(twice --progress never)" ]
check '--quiet: no line' [ -z "$(twice -q)" ]
check 'nothing dropped: no line' [ -z "$(echo "$row" | alignx-cat -t msgpack | env -u ALIGNX_PROGRESS alignx-dedup -o /dev/null 2>&1)" ]
check 'ALIGNX_PROGRESS=always: a line' says '^alignx-dedup: 1 record read' sh -c "echo '$row' | alignx-cat -t msgpack | ALIGNX_PROGRESS=always alignx-dedup -o $tmp/o"
rm -f "$tmp/o"

filters='alignx-extract alignx-map alignx-dedup alignx-pair alignx-validate alignx-cat'
for prog in $filters; do
	check "$prog takes empty input" fails_with 0 sh -c "$prog </dev/null | cat"
	check "$prog: a missing file is told, with 2" says "^$prog: .*/none: No such file" "$prog" -o "$tmp/o" "$tmp/none"
	check "$prog: a folder without messages is told" says "^$prog: .*directory" "$prog" -o "$tmp/o" "$tmp/empty"
	check "$prog: nothing is left of an output that failed" sh -c "! ls $tmp/o* 2>/dev/null"
done
printf '%s' '{"prompt":"a","chosen":"b","rejected":"c"}' >"$tmp/one.json"
check 'a full disk is noticed' fails_with 2 sh -c "alignx-cat --to json $tmp/one.json >/dev/full"
ln -s there.json "$tmp/link"
check "-o on a link writes where it leads" sh -c "alignx-cat --to json $tmp/one.json -o $tmp/link && [ -L $tmp/link ] && grep -q . $tmp/there.json"
check "-o on a device leaves the device" sh -c "alignx-cat --to json $tmp/one.json -o /dev/null; [ -c /dev/null ]"
check 'a closed pipe ends a program quietly' sh -c "
	yes '{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\"}' | head -100000 >$tmp/many
	alignx-cat --to json $tmp/many 2>$tmp/pipe | head -1 >/dev/null; [ ! -s $tmp/pipe ]"
done_testing
