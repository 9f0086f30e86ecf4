#!/bin/bash
# What answers what: replies, versions, authors of prompts, limits; and where records go.
. "${srcdir:-.}/tests/lib.sh"
cd "$tmp" || exit 99
flat='[range(90) | 0]'
row() { # ID TYPE POST PARENT USER TEXT [MORE]
	jq -cn --arg i "$1" --arg y "$2" --arg p "$3" --arg a "$4" --arg u "$5" --arg t "$6" "{kind: \"interaction\", version: 1, id: \$i, source: \"reddit\", type: \$y,
	post: \$p, user: \$u, text: \$t, place: {file: \"f\", byte: 0, line: 1}} + (if \$a == \"\" then {} else {parent: \$a, depth: (if \$a == \$p then 0 else 1 end)} end) +
	(if \$y == \"post\" then {} else {intensities: {annotator: \"t\", value: ([1, 1, 1] + $flat)[0:90], confidence: ($flat)}} end) + (${7:-{\}})"
}
long='It keeps for a week in a paper bag in the cold, and it freezes well, and a toaster thaws it within two minutes, I think.'
{
	row t3_p post t3_p '' op 'How do I keep bread fresh?'
	row t1_a comment t3_p t3_p ann 'In a paper bag, I would say, or is that too dry?'
	row t1_b comment t3_p t3_p bob "$long"
	row t1_c comment t3_p t1_a cat 'It is too dry for me, yes.'
	row t1_d comment t3_p t1_a dan "$long And yes."
	row t1_e comment t3_p t1_a ann 'I answer myself here, as one does.'
	row t1_f comment t3_p t1_a op 'Thank you, I will try that with the bag.'
	row t1_g comment t3_p t1_gone eve 'This answers what is not there any more.'
} >rows
paired() { alignx-cat rows | alignx-pair -q --max-ratio 0 "$@" | alignx-cat; }
pairs() { paired "$@" | jq -r 'select(.kind == "pair") | ([.first.id, .second.id] | sort | join("+")) + "@" + .post.id' | sort | paste -sd' '; }
exchanges() { paired "$@" | jq -r 'select(.kind == "exchange") | .comment.id + "@" + .post.id' | sort | paste -sd' '; }
check 'replies answer their parent' [ "$(pairs -n 9)" = 't1_a+t1_b@t3_p t1_c+t1_d@t1_a t1_d+t1_f@t1_a' ]
check 'their prompt is the post and the comment' [ "$(paired | jq -r 'select(.post.id == "t1_a") | .post.text' | sort -u | paste -sd'|')" = '|How do I keep bread fresh?|In a paper bag, I would say, or is that too dry?' ]
check 'and says where the post came from' [ "$(paired | jq -c 'select(.post.id == "t1_a") | [.post.thread, .post.thread_user, .post.thread_place.file]' | sort -u)" = '["t3_p","op","f"]' ]
check 'nobody answers himself, nobody has a history under his own post' [ "$(exchanges)" = 't1_a@t3_p t1_b@t3_p t1_c@t1_a t1_d@t1_a t1_g@t3_p' ]
check 'a reply to what is not there is history' [ "$(exchanges | grep -o 't1_g@t3_p') $(pairs -n 9 | grep -c t1_g)" = 't1_g@t3_p 0' ]
check '--answers post: other replies are history' [ "$(pairs --answers post -n 9) $(exchanges --answers post | grep -o 't1_c@t3_p')" = 't1_a+t1_b@t3_p t1_c@t3_p' ]
check '--any-depth: all are answers to the post' [ "$(pairs --any-depth -n 9 | tr ' ' '\n' | grep -c '@t3_p$') $(pairs --any-depth -n 9 | tr ' ' '\n' | grep -c '@t1')" = '10 0' ]
counts() { alignx-cat rows | alignx-pair -q --stats s "$@" >/dev/null; jq -c .counts s; }
check 'all is counted' [ "$(counts --max-ratio 0 -n 9 | jq -cS .)" = '{"dropped-own-prompt":1,"exchanges":5,"history-only":1,"pairs":3,"posts":1,"responses":7}' ]
check 'by data set, too' [ "$(jq .sources.reddit.pairs s)" = 3 ]
check 'responses past the limit are counted' [ "$(counts --max-responses 2 | jq '.["dropped-over-limit"]')" = 2 ]
{ row t3_q post t3_q '' op 'Look: watch?v=12345/abc'; row t1_q comment t3_q t3_q ann "$long"; row t1_r comment t3_q t3_q bob 'Nice one, this video here.'; } >>rows
check 'answers to a link are dropped' [ "$(counts | jq '.["dropped-prompt"]')" = 2 ]
check '--min-words 0 keeps them' [ "$(counts --min-words 0 | jq '.["dropped-prompt"]')" = null ]
{ row t3_x post t3_x '' op '什么面包可以保存很久'; row t1_x comment t3_x t3_x ann "$long"; row t1_y comment t3_x t3_x bob 'Rye, as everybody knows here.'; } >rows
check 'a prompt in a script without spaces has words' [ "$(counts | jq '.["dropped-prompt"]')" = null ]
versions() { # of t1_x, in this order; then what is in the pair
	{ row t3_x post t3_x '' op 'What bread keeps for long?'; row t1_y comment t3_x t3_x bob 'Rye, as everybody knows here.'; printf '%s\n' "$@"; } >rows
	paired --max-ratio 0 | jq -r 'select(.kind == "pair") | [.first, .second][] | select(.id == "t1_x").text' | sort -u | cut -c1-5 | paste -sd' '
}
first() { row t1_x comment t3_x t3_x ann "First $long" "${1:-{\}}"; }
later() { row t1_x comment t3_x t3_x ann "Later $long" "${1:-{\}}"; }
check 'of two versions the last in the input' [ "$(versions "$(first)" "$(later)") $(versions "$(later)" "$(first)")" = 'Later First' ]
check 'an edited one' [ "$(versions "$(first '{edited: true}')" "$(later)")" = First ]
check 'the one that was retrieved last' [ "$(versions "$(first '{retrieved: 9}')" "$(later '{retrieved: 8, edited: true}')")" = First ]
check 'a version that is not used is counted' [ "$(counts | jq '.["dropped-older-version"]')" = 1 ]
done_testing
