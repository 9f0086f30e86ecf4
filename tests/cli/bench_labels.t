#!/bin/sh
# bench/labels: labels are joined with texts made here; what is wrong is one located sentence each.
. "${srcdir:-.}/tests/lib.sh"
data=$tmp/data; mkdir -p "$data/goemotions" "$data/labelled" "$data/oasst" "$data/ultrafeedback" "$data/hh-rlhf" \
    "$data/reddit-top-2013/data" "$data/stackexchange-coffee"
hash() { printf %s "$1" | sha256sum | cut -c1-16; }
row() { # source, row, text, the rest of the columns
	source=$1 row=$2 text=$3; shift 3; printf '%s\t%s\t%s' "$source" "$row" "$(hash "$text")"; printf '\t%s' "$@"; echo; }
texts_heading() { printf 'source\trow\thash\treading\tkey\tvalue\n'; }
pairs_heading() { printf 'source\trow\thash\tfirst_is\tpart\tkey\tvalue\n'; }
join() { $PYTHON3 "$srcdir/bench/labels" --data "$data" "$@"; }
field() { # of the line with an id: a field as JSON
	$PYTHON3 -c 'import json, sys
for line in map(json.loads, open(sys.argv[1])):
    if line["id"].startswith(sys.argv[2]): print(json.dumps(line[sys.argv[3]]))' "$tmp/out" "$1" "$2"; }

# --- texts ---
printf 'I love my cat.\t27\ta\nNothing here.\t0\tb\n' >"$data/goemotions/train.tsv"
printf 'dim\tsubreddit\ttext\n59\tcats\tCats of all kinds\n' >"$data/labelled/interests.dev.tsv"
printf '{"text": "How do cats see?"}\n' >"$data/oasst/en_100_message.jsonl"
printf '{"prompt": {"message_id": "1", "text": "A prompt", "replies": [{"message_id": "2", "text": "A reply"}, {"message_id": "3", "text": "No"}]}}\n' \
    >"$data/oasst/en_100_tree.jsonl"
printf 'id,title,selftext\nab1, Dogs &amp; cats ," I have both,\nyes. "\nab2,A link,\n' >"$data/reddit-top-2013/data/Pets.csv"
cat >"$data/stackexchange-coffee/Posts.xml" <<'X'
<posts><row Id="1" PostTypeId="1" Title="Which beans?" Body="&lt;p&gt;I like &lt;b&gt;dark&lt;/b&gt; ones.&lt;/p&gt;" />
<row Id="2" PostTypeId="2" ParentId="1" Body="&lt;p&gt;All.&lt;/p&gt;&#xA;&lt;p&gt;Fresh &amp;amp; whole.&lt;/p&gt;" />
<row Id="3" PostTypeId="2" ParentId="1" Body="None" /></posts>
X
echo '<comments><row Id="7" PostId="1" Text="Me &amp;amp; you" /></comments>' >"$data/stackexchange-coffee/Comments.xml"
{ texts_heading
	row goemotions 1 'I love my cat.' 1 pets 2; row goemotions 1 'I love my cat.' 1 affiliation 1
	row goemotions 1 'I love my cat.' 2 humor 1; row goemotions 2 'Nothing here.' 1 - 0
	row oasst-message 1 'How do cats see?' 1 science 1; row oasst-tree 1 'A reply' 1 helpfulness -1
	row reddit-top 2 'Cats of all kinds' 1 pets 1
	row reddit-top-2013 Pets/ab1 "Dogs & cats

I have both,
yes." 1 pets 2
	row reddit-top-2013 Pets/ab2 'A link' 1 - 0
	row stackexchange-coffee 1 'Which beans?

I like dark ones.' 1 food 2
	row stackexchange-coffee 2 'All.

Fresh & whole.' 1 - 0
	row stackexchange-coffee c7 'Me & you' 1 - 0
} >"$tmp/texts"
check 'labels of all sources are joined' sh -c "$PYTHON3 $srcdir/bench/labels --data $data $tmp/texts >$tmp/out"
check 'a line for each text' [ "$(wc -l <"$tmp/out")" -eq 10 ]
check 'labels of the first reading alone' [ "$(field goemotions:1 labels)" = '{"pets": 2, "affiliation": 1}' ]
check 'a text that shows nothing has no labels' [ "$(field goemotions:2 labels)" = '{}' ]
check 'a community is the group' [ "$(field reddit-top:2 group)$(field reddit-top-2013:Pets/ab1 group)" = '"cats""Pets"' ]
check 'a site is the group' [ "$(field stackexchange-coffee:2 group)" = '"stackexchange-coffee"' ]
check 'others have a group by hash' sh -c "echo '$(field goemotions:1 group)' | grep -qx '\"g[0-9]*\"'"
check 'a message of a tree is found by its hash' [ "$(field oasst-tree:1: text)" = '"A reply"' ]
check 'a post is title and text, without entities' [ "$(field reddit-top-2013:Pets/ab1 text)" = '"Dogs & cats\n\nI have both,\nyes."' ]
check 'a question is title and text, without tags' [ "$(field stackexchange-coffee:1 text)" = '"Which beans?\n\nI like dark ones."' ]
check '--source names another place' sh -c "cp $data/goemotions/train.tsv $tmp/go; grep '^source\|^goemotions' $tmp/texts >$tmp/few
	$PYTHON3 $srcdir/bench/labels --source goemotions=$tmp/go $tmp/few | grep -q '\"id\": \"goemotions:1\"'"

# --- faults of texts ---
faulty() { # sentence, lines of the table
	sentence=$1; { texts_heading; cat; } >"$tmp/bad"; says "bad:$sentence" join "$tmp/bad" && exits 1 join "$tmp/bad"; }
check 'an unknown key' faulty "2: unknown key 'cats'" <<X
$(row goemotions 1 'I love my cat.' 1 cats 2)
X
check 'a value out of range' faulty '2: value 3; values are 2, 1, -1 and -2' <<X
$(row goemotions 1 'I love my cat.' 1 pets 3)
X
check 'a doubled row' faulty '3: the same label as in line 2' <<X
$(row goemotions 1 'I love my cat.' 1 pets 2; row goemotions 1 'I love my cat.' 1 pets 1)
X
check 'a hash that does not match' faulty '2: the text 1 of goemotions has another hash' <<X
$(row goemotions 1 'I loved my cat.' 1 pets 2)
X
check 'a text that is gone' faulty '2: goemotions has no text 9; it is gone' <<X
$(row goemotions 9 'I love my cat.' 1 pets 2)
X
check 'too few columns' faulty '2: expected 6 columns between tabs, not 5' <<X
$(row goemotions 1 'I love my cat.' 1 pets)
X
{ texts_heading; row goemotions 1 'I love my cat.' 1 cats 2; row goemotions 1 'I love my cat.' 1 humor 1; row goemotions 2 'Nothing here.' 1 - 0; } >"$tmp/bad"
join "$tmp/bad" >"$tmp/out" 2>"$tmp/err"
check 'a text with a bad row is left out, others are not' [ "$(cut -d'"' -f4 "$tmp/out")" = 'Nothing here.' ]
{ texts_heading; row goemotions 8 x 1 - 0; row goemotions 9 y 1 - 0; row goemotions 2 'Nothing here.' 1 - 0; } >"$tmp/bad"
join "$tmp/bad" >"$tmp/out" 2>"$tmp/err"
check 'texts that are gone are counted' grep -q '1 texts, 2 of 3 not joined' "$tmp/err"
{ texts_heading; row goemotions 1 x 1 - 0; row goemotions 2 y 1 - 0; } >"$tmp/bad"
check 'a source that is not given: the cure' says 'bad:2: 2 texts of goemotions: the source is not given; use --source goemotions=PATH' \
    $PYTHON3 "$srcdir/bench/labels" "$tmp/bad"
{ texts_heading; row nowhere 1 x 1 - 0; } >"$tmp/bad"
check '--source without a path' says '--source goemotions: expected NAME=PATH' join --source goemotions
check '--help lists the sources' sh -c "$PYTHON3 $srcdir/bench/labels --help | grep -q '  goemotions  '"
check 'an unknown source' says "unknown source 'nowhere'" join "$tmp/bad"
check 'a table of something else' says 'interests.dev.tsv:1: expected the columns source, row' join "$data/labelled/interests.dev.tsv"

# --- pairs ---
printf '{"prompt": "Cats?", "chosen": "Yes.", "rejected": "No."}\n' >"$data/ultrafeedback/train_clean.jsonl"
pair() { # source, row, first, second, first_is
	row "$1" "$2" "$3" "$5" first pets 1; row "$1" "$2" "$4" "$5" second - 0; row "$1" "$2" "$3
$4" "$5" compare helpfulness -1; }
{ pairs_heading; pair ultrafeedback 1 No. Yes. rejected; pair oasst-tree 2/3 'A reply' No -; pair stackexchange-coffee 1/3/2 None 'All.

Fresh & whole.' -; } >"$tmp/pairs"
check 'pairs are joined' sh -c "$PYTHON3 $srcdir/bench/labels --pairs --data $data $tmp/pairs >$tmp/out"
check 'the answer that was shown first is first' [ "$(field ultrafeedback:1 first)$(field ultrafeedback:1 second)" = '"No.""Yes."' ]
check 'labels of both answers' [ "$(field ultrafeedback:1 labels)" = '[{"pets": 1}, {}]' ]
check 'labels of the comparison' [ "$(field ultrafeedback:1 compare)" = '{"helpfulness": -1}' ]
check 'pairs of a tree and of a site have their prompts' [ "$(field oasst-tree:2/3 prompt)$(field stackexchange-coffee:1/3/2 prompt)" = \
    '"A prompt""Which beans?\n\nI like dark ones."' ]
{ pairs_heading; pair ultrafeedback 1 Yes. No. rejected; } >"$tmp/bad"
check 'the wrong answer first has another hash' says 'bad:2: the pair 1 of ultrafeedback has another hash of first' join --pairs "$tmp/bad"
{ pairs_heading; pair ultrafeedback 1 No. Yes. rejected | head -2; } >"$tmp/bad"
check 'a pair without a comparison' says 'bad:2: the pair 1 of ultrafeedback needs first, second and compare' join --pairs "$tmp/bad"

if [ -n "$ALIGNX_REALDATA" ]; then
	known() { grep -v '^reddit-top-2013\|^stackexchange-' "$srcdir/annotate/labels/$1.tsv" >"$tmp/$1.tsv"; }
	known texts; $PYTHON3 "$srcdir/bench/labels" --data "$ALIGNX_REALDATA" "$tmp/texts.tsv" >"$tmp/out" 2>"$tmp/err"
	check 'all labels of real texts are joined' grep -q ' 0 of [0-9]* not joined' "$tmp/err"
	known pairs; $PYTHON3 "$srcdir/bench/labels" --pairs --data "$ALIGNX_REALDATA" "$tmp/pairs.tsv" 2>&1 >"$tmp/out" | grep -v stackexchange >"$tmp/err"
	check 'all labels of real pairs are joined' grep -q ' 0 of [0-9]* not joined' "$tmp/err"
else skip 'labels of real texts' 'ALIGNX_REALDATA is not set'; fi
done_testing
