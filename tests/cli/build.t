#!/bin/bash
# The whole data set in one command: the same bytes for any number of jobs, and
# after any number of kills at any point.
. "${srcdir:-.}/tests/lib.sh"
cd "$srcdir" || exit 99
head -c 32 /dev/zero >"$tmp/key"; chmod 600 "$tmp/key"
month=data-samples/good-month
build() { # folder, more options
	out=$1; shift
	alignx-build -o "$out" -n 3 --ingest "--key $tmp/key --quiet" --emit '--test-share 0.3' "$@"
}
sums() { (cd "$1" && find . -type f ! -path './.work/*' | sort | xargs sha256sum); }
check 'the sample month becomes records' build "$tmp/one" -j 1 $month
sums "$tmp/one" >"$tmp/want"
check 'there are records for training and tests' sh -c "[ -s $tmp/one/train/part-00000-000.msgpack ] && ls $tmp/one/test/UGC/*"
check 'they are valid' sh -c "find $tmp/one -name '*.msgpack' | xargs alignx-validate --kind record"
check 'nothing is left of the work' [ ! -e "$tmp/one/.work" ]
check 'two jobs build it, too' build "$tmp/two" -j 2 $month
check 'two jobs give the same bytes as one' sh -c "cd $tmp/two && sha256sum -c --quiet $tmp/want"
check 'two jobs give the same manifest' cmp "$tmp/one/manifest.json" "$tmp/two/manifest.json"
check 'with options alignx-extract runs as a program of its own' build "$tmp/three" -j 2 --extract --quiet $month
check 'which gives the same bytes, but for the options in the manifest' sh -c "cd $tmp/three && grep -v ' ./manifest.json' $tmp/want | sha256sum -c --quiet"
relative() { (cd "$tmp" && alignx-build -o rel -n 3 -j 2 --ingest "--key key --quiet" --emit '--test-share 0.3' "$srcdir/$month") && [ -s "$tmp/rel/manifest.json" ]; }
check 'a relative name of the folder works' relative
check 'a finished data set is not overwritten' says 'is there already' build "$tmp/two" $month

kills=0
kill_and_resume() {
	rm -rf "$tmp/killed"
	for delay in 0.05 0.15 0.3 0.5 0.8 1.2 1.7; do
		setsid bash -c "alignx-build -o $tmp/killed -n 3 -j 2 --resume --ingest '--key $tmp/key --quiet' \
		    --emit '--test-share 0.3' $month" >"$tmp/log" 2>&1 &
		pid=$!
		sleep "$delay"
		[ -e "$tmp/killed/manifest.json" ] || kills=$((kills + 1))
		kill -9 -- -$pid 2>/dev/null
		wait $pid 2>/dev/null
		pkill -9 -f "$tmp/killed" 2>/dev/null
	done
	[ -e "$tmp/killed/manifest.json" ] && [ ! -e "$tmp/killed/.work" ] || build "$tmp/killed" --resume $month
}
check 'a build killed again and again completes' kill_and_resume
echo "# killed $kills times before the end"
check 'it was killed in the middle at least three times' [ "$kills" -ge 3 ]
check 'a resumed build gives the same bytes' sh -c "cd $tmp/killed && sha256sum -c --quiet $tmp/want"
left() { [ "$(find "$tmp/killed" -name '*.tmp' | wc -l)" -eq 0 ]; }
check 'no half-written file is left' left

mkdir -p "$tmp/begun/.work"
check 'an interrupted build needs --resume' says 'go on with --resume' build "$tmp/begun" $month
check 'a folder with other files is refused' says 'killed/.* is there already' build "$tmp/killed" $month
mkdir "$tmp/locked"
check 'a folder in use is refused' says 'locked is in use by another run' flock "$tmp/locked" alignx-build -o "$tmp/locked" $month
# --resume does again what changed, and no more
node() { stat -c %i "$tmp/redo/.work/$1"; }
maps() { (cd "$tmp/redo/.work/map" && stat -c %i -- */ | sort); }
build "$tmp/redo" --keep $month 2>/dev/null; maps >"$tmp/maps"; pairs=$(node pair/00000)
check 'other options of a stage: --resume' alignx-build -o "$tmp/redo" -n 3 --keep --resume --ingest "--key $tmp/key --quiet" --emit '--test-share 0.2' $month
check 'the stages before are not run again' [ "$(cat "$tmp/maps") $pairs" = "$(maps) $(node pair/00000)" ]
alignx-build -o "$tmp/afresh" -n 3 --ingest "--key $tmp/key --quiet" --emit '--test-share 0.2' $month >/dev/null
check 'and the result is that of a new build' diff -r -x .work "$tmp/redo" "$tmp/afresh"
cp "$month"/RC*.zst "$tmp/RA_comments.zst"
check 'another dump: --resume' alignx-build -o "$tmp/redo" -n 3 --keep --resume --ingest "--key $tmp/key --quiet" --emit '--test-share 0.2' "$tmp/RA_comments.zst" $month
check 'the dumps of before are not read again' [ "$(maps | comm -12 - "$tmp/maps" | wc -l) $(maps | wc -l)" = '2 3' ]
check 'what depends on all of them is' [ "$pairs" != "$(node pair/00000)" ]
check 'the same dump twice, and the same records' [ "$(jq .counts.train "$tmp/redo/manifest.json")" = "$(jq .counts.train "$tmp/afresh/manifest.json")" ]
misspelt() { # OPTION VALUE SENTENCE...: refused before any work, in the words of the stage
	check "$1 '$2' is refused before any work" exits 2 alignx-build -o "$tmp/misspelt" "$1" "$2" $month
	check "$1 '$2': the program says why" says "$3" alignx-build -o "$tmp/misspelt" "$1" "$2" $month
	check "$1 '$2': nothing is written" [ ! -e "$tmp/misspelt" ]
}
misspelt --emit '--test-shar 0.3' '^alignx-emit: no option --test-shar (did you mean --test-share?)'
misspelt --emit '--test-share' '^alignx-emit: --test-share wants x'
misspelt --ingest '--min-chars no' '^alignx-ingest: --min-chars wants a whole number'
misspelt --source redit '^alignx-ingest: --source wants one of reddit|'
misspelt --extract '--rule x' '^alignx-extract: no option --rule '
misspelt --map '--threads 0' '^alignx-map: --threads wants'
misspelt --dedup '-x' '^alignx-dedup: no option -x'
misspelt --pair "--tries '3" '^alignx-build: --pair: alignx-pair refuses this; nothing was run'
check 'a dry run reports them, too' says '^alignx-emit: no option' alignx-build --dry-run -o "$tmp/misspelt" --emit '--test-shar 0.3' $month
check 'a dump of unknown kind asks for --source' says 'say --source kind' build "$tmp/x" README.md
check 'a missing dump is reported' says 'No such file' build "$tmp/x" "$tmp/none"
printf 'not json\n' >"$tmp/RC_bad"
check 'bad lines of a dump are reported' says 'RC_bad:1:' \
    alignx-build -o "$tmp/bad" -n 2 --ingest "--key $tmp/key" $month "$tmp/RC_bad"
check 'with --strict for alignx-ingest it stops' exits 2 \
    alignx-build -o "$tmp/bad2" -n 2 --ingest "--key $tmp/key --strict" $month "$tmp/RC_bad"
check 'a build that fails puts no records in place' [ ! -e "$tmp/bad2/train" ]
mkdir "$tmp/folder" && for f in "$month"/R*; do ln -s "$PWD/$f" "$tmp/folder/r_Test_$(basename "$f" | sed 's/RC.*/comments.zst/; s/RS.*/posts.zst/')"; done
: >"$tmp/folder/RC_2020-01"; echo x >"$tmp/folder/RC_2020-02.zst.part"; echo x >"$tmp/folder/RC_2020-03.zst.aria2"; echo x >"$tmp/folder/notes.txt"
plan() { alignx-build --dry-run -o "$tmp/y" "$tmp/folder" 2>"$tmp/passed" | awk '/^0000/ { print $2 }' | sort | tr '\n' ' '; }
check 'names of a download tool, links: read' [ "$(plan)" = 'reddit-comments reddit-submissions ' ]
check 'an unfinished download is passed over by name' grep -q 'passed over .*RC_2020-02.zst.part: it is an unfinished download' "$tmp/passed"
check 'so are the state of a download, an empty file, and others' [ "$(grep -c 'aria2: it is the state of a download\|RC_2020-01: it is empty\|notes.txt: it is not named like a dump' "$tmp/passed")" = 3 ]
check 'an unfinished download by itself is refused' says 'zst.part is an unfinished download' alignx-build --dry-run -o "$tmp/y" "$tmp/folder/RC_2020-02.zst.part"
mkdir "$tmp/cut" && cp "$month"/RS* "$tmp/cut" && head -c 60000 "$month"/RC*.zst >"$tmp/cut/RC_2016-04.zst"
check 'a dump that is cut: said' says '^alignx-build: .*RC_2016-04.zst is cut short or corrupt: [0-9]* rows of it were read; get it again' \
    alignx-build -o "$tmp/less" -n 2 --ingest "--key $tmp/key" "$tmp/cut"
check 'a dump that is cut: what was read is there, and the manifest says so' sh -c "jq -e '.counts.train > 0 and (.warnings[0] | test(\"cut short\"))' $tmp/less/manifest.json"
check 'a dump that is cut: status 1' exits 1 alignx-build -o "$tmp/less1" -n 2 --ingest "--key $tmp/key" "$tmp/cut"
{ zstdcat --long=31 "$month"/RC*.zst; printf "x\nx\nx\n"; } >"$tmp/few.ndjson"
{ zstdcat --long=31 "$month"/RC*.zst | head -60; printf "x\nx\nx\nx\nx\n"; } >"$tmp/many.ndjson"
few() { alignx-build -o "$tmp/$1.out" -n 2 --ingest "--key $tmp/key" "reddit-comments:$tmp/$1.ndjson" "$month"/RS* "$month"/RC* 2>/dev/null; }
check 'a few bad rows: status 0' few few
check 'a few bad rows: no warning of them' [ -z "$(jq -r '.warnings[] | select(test("refused"))' "$tmp/few.out/manifest.json")" ]
check 'many bad rows: status 1' exits 1 few many
check 'many bad rows: counted' [ "$(jq -r '.warnings[0]' "$tmp/many.out/manifest.json")" = "5 of the 65 rows of $tmp/many.ndjson were refused" ]
printf 'x\ny\n' >"$tmp/nothing.ndjson"
check 'nothing of a dump could be read: status 2' exits 2 alignx-build -o "$tmp/nil" -n 2 "reddit-comments:$tmp/nothing.ndjson"
mkdir "$tmp/comments" && cp "$month"/RC* "$tmp/comments"
check 'comments without posts: the cure' says '^alignx-build: pair: .* responses are lost as comments without their post: give RS_2016-04.zst and the submissions of the months before' \
    alignx-build -o "$tmp/lone0" -n 2 --ingest "--key $tmp/key" "$tmp/comments"
check 'comments without posts: no record' says '^alignx-build: no records: there were no pairs' \
    alignx-build -o "$tmp/lone" -n 2 --ingest "--key $tmp/key" "$tmp/comments"
check 'what was built stays' [ "$(jq .counts.pairs "$tmp/lone/manifest.json")" = 0 ]
check 'that is status 1' exits 1 alignx-build -o "$tmp/lone2" -n 2 --ingest "--key $tmp/key" "$tmp/comments"
check 'an empty test part is said' says '^alignx-build: no test rows: ' alignx-build -o "$tmp/untested" -n 2 --ingest "--key $tmp/key" --emit '--max-loss 0' $month
check 'by default it is status 0' exits 0 alignx-build -o "$tmp/untested0" -n 2 --ingest "--key $tmp/key" --emit '--max-loss 0' $month
check 'if it was asked for, status 1' exits 1 alignx-build -o "$tmp/untested1" -n 2 --ingest "--key $tmp/key" --emit '--test-share 0.02 --max-loss 0' $month
funnel() { jq -e '.funnel as $f | $f.ingest.sources.reddit.rows == $f.ingest.all.rows and
	([$f.ingest.all | to_entries[] | select(.key | test("^(kept|dropped|refused)")) | .value] | add) == $f.ingest.all.rows and
	$f.dedup.all.kept == $f.pair.all.posts + $f.pair.all.responses and $f.emit.all.pairs == $f.pair.all.pairs and
	([$f.emit.all | to_entries[] | select(.key | test("^(dropped|train$|test$|uninformed$)")) | .value] | add) == $f.emit.all.pairs' "$tmp/one/manifest.json"; }
check 'the funnel accounts for each row and each pair' funnel
check 'and is printed' sh -c "alignx-build -o $tmp/told -n 2 --ingest '--key $tmp/key' $month 2>&1 | grep -q '^emit   dropped-per-user  *[0-9]'"
check 'the build says what the split took' sh -c "alignx-build -o $tmp/told2 -n 2 --ingest '--key $tmp/key' $month 2>&1 | grep -q '^split by thread: [0-9.]* % of [0-9]* pairs are test data (asked: 10.0), [0-9.]* % are lost (allowed: 15.0)'"
made() { jq -e '.build.emit == "--test-share 0.3" and (.dumps | length) == 2 and .rules["compare.tsv"]' "$tmp/one/manifest.json" &&
	[ "$(jq -r '.dumps[0].sha256' "$tmp/one/manifest.json")" = "$(sha256sum <"$month"/RC*.zst | cut -c1-64)" ]; }
check 'the manifest says how the data were made' made
own() { alignx-build -o "$tmp/own" -n 2 --ingest "--key $tmp/key --stats $tmp/own.stats" --pair "--stats $tmp/own.pair" $month 2>/dev/null && [ -s "$tmp/own.stats" ] && [ "$(jq .counts.train "$tmp/own/manifest.json")" -gt 0 ]; }
check 'stages may have a --stats of their own' own
# one line on a terminal: stage, done of all, rate, time left
shows() { ALIGNX_PROGRESS=always alignx-build -o "$tmp/shown" -n 2 -j 1 --ingest "--key $tmp/key" $month 2>&1 >/dev/null | tr '\r' '\n' | grep -q 'reading dumps (1 of 3): [0-9.]* of [0-9.]* MB'; }
check 'a build shows how far it is' shows
alignx-build --dry-run -j 2 -m 8G -o "$tmp/y" $month >"$tmp/script"
check 'the script of a dry run is valid bash' bash -n "$tmp/script"
check 'a dry run writes nothing' [ ! -e "$tmp/y" ]
done_testing
