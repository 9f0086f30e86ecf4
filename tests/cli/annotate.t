#!/bin/bash
# alignx-map --annotator: a model on this machine beside sums of its token scores, and
# a service that stands in for others, with faults.
. "${srcdir:-.}/tests/lib.sh"
cd "$tmp" || exit 99
unset OPENAI_API_KEY http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY
place='"place":{"file":"f","byte":0,"line":1}'
text() { printf '{"kind":"interaction","version":1,"id":"%s","source":"reddit","type":"comment","post":"t3_p","text":"%s",%s}\n' "$1" "$2" "$place"; }
item() { printf '{"id":"%s","text":"%s",%s}' "$1" "$2" "$place"; }
{ text a 'I love a party.'; text b 'I hate my tent.'; text c 'Nothing.'; } | alignx-cat >texts
vector=$(printf '0.5,%.0s' $(seq 89))0.5
printf '{"kind":"pair","version":1,"id":"p","source":"reddit","post":%s,"first":%s,"second":%s,"direction":[%s]}\n' \
    "$(item t3_p 'What to do?')" "$(item t1_a 'Go to a party')" "$(item t1_b 'Take a tent')" "$vector" >pair.json
alignx-cat pair.json >pair
marks() { alignx-cat "$@" | jq -c '[.intensities.value[3,86], .intensities.confidence[3,86]]' | tr -d '\n'; }

# a service
$PYTHON3 "$srcdir/tests/oracle/endpoint.py" port log 2>server.err & server=$!
trap 'kill $server 2>/dev/null; rm -rf "$tmp"' EXIT
for _ in $(seq 100); do [ -s port ] && break; sleep 0.05; done
url=http://127.0.0.1:$(cat port)
asked() { path=$1; shift; : >log; alignx-map --annotator "$url/$path" --ask-for test-model --backoff 0 "$@"; }
# what was sent in the last run, and not what another that was broken off still had under way
sent() { grep -c "^/$path/" log; }
same() { cmp "$1" "$2"; }

# a request for each dimension: log-probabilities of answers, of which what is said of no text is taken away
asked ok/v1 texts -o out
# it thinks P three times as likely as N behind no text: 2 and -2 come to tanh 2 with the chance 2 root 3 cosh 2 of that + 4
check 'texts are judged by log-probabilities' [ "$(marks out)" = '[96,0,77,46][0,-96,46,77][0,0,46,46]' ]
check 'by whom is told, by the name that the service gives' [ "$(alignx-cat out | jq -r .intensities.annotator | sort -u)" = test-model-2026-01-01/asked-2 ]
check 'a request for each dimension, of each text and of none' [ "$(sent)" = 360 ]
check 'what comes out is in order' alignx-validate out
asked pieces/v1 texts -o other
check 'the beginning of a word stands for it, and tokens of one answer add up' same out other
asked ok/v1 --parallel 1 texts -o other; check 'one at a time: the same' same out other
check 'and never two' [ "$(cut -d' ' -f3 log | sort -n | tail -1)" -ge 1 ]
asked reset/v1 --parallel 1 --ask all texts -o other
asked slow/v1 --parallel 9 texts -o other; check 'nine at a time: the same' same out other
check 'and never more' [ "$(cut -d' ' -f3 log | sort -n | tail -1)" = 9 ]
asked ok/v1 pair -o out
check 'a pair is asked about in both orders' [ "$(sent)" = 360 ]
# liking A three times as much cancels out; one party and one tent: tanh 2 in both
check 'and what turns with the order cancels out' [ "$(alignx-cat out | jq -c '[.direction[3,86,73], (.first,.second | .intensities.value[3,86,73])]')" = '[1,0,0.5,48,-48,0,-48,48,0]' ]
check 'what comes out is a pair in order' alignx-validate out
asked few texts -o out
# Unclear gets what is left of 1: 0.075, with 0.5 and 0.125 as they are behind no text
check 'an answer that is not among the tokens gets what is left' [ "$(marks out)" = '[0,0,87,87][0,0,87,87][0,0,87,87]' ]
asked strange --retries 0 --failures 9 texts -o out 2>err
check 'none among them: of no use, told with its place' [ "$(grep -c '^alignx-map: texts:[0-9]*:[0-9]*: .*none of Positive, Negative and Unclear is among the 3 likeliest tokens' err)" = 3 ]
asked alias texts -o out
check 'two versions behind one name are both told' [ "$(alignx-cat out | jq -r .intensities.annotator | sort -u)" = test-model-0/asked-2 ]
asked alias pair -o out
check 'two versions behind one name are both told' [ "$(alignx-cat out | jq -r .first.intensities.annotator)" = test-model-0+test-model-1/asked-2 ]
for kind in nologprobs notop; do
	asked $kind texts -o out 2>err; code=$?
	check "$kind: the way out is told" sh -c "[ $code -eq 2 ] && grep -q 'gives no log-probabilities .*say --ask all' err && [ $(sent) -le 4 ]"
done
asked empty --retries 0 texts -o out 2>err; check 'no token' grep -q 'the answer is of no use: it has no token' err
asked notoken --retries 0 texts -o out 2>err; check 'a token without a number' grep -q 'a token is not told with its log-probability' err
asked garbage --retries 1 --parallel 1 texts -o out 2>err; code=$?
check 'garbage: each text is told, and a second try helps none' sh -c "[ $code -eq 1 ] && [ $(sent) -eq 6 ] && grep -c '^alignx-map: texts:[0-9]*:[0-9]*: .*no JSON, or was cut; gave up after 2 tries' err | grep -qx 3"
asked 500 --retries 0 --failures 2 texts -o out 2>err; code=$?
check 'failures in a row end it' sh -c "[ $code -eq 2 ] && grep -q '2 texts in a row' err"
asked never --timeout 0.5 --retries 0 --failures 1 texts -o out 2>err; code=$?
check 'never: one time-out for all at once' sh -c "[ $code -eq 2 ] && grep -q 'no answer within 0.5 s; gave up after 1 try' err"
asked flaky --retries 2 texts -o out; asked ok texts -o other; check 'what works the third time works' same out other
asked ok --cache steps texts -o out; head -n 100 steps >part; asked ok --cache part texts -o other
check 'a run that was ended goes on where it was' sh -c "[ $(sent) -eq 260 ] && cmp out other"

# all dimensions in one request: numbers
ask() { asked "$@" --ask all; }
ask ok/v1 texts -o out
check 'texts are judged' [ "$(marks out)" = '[100,0,100,0][0,-100,0,100][0,0,0,0]' ]
check 'by whom is told' [ "$(alignx-cat out | jq -r .intensities.annotator | sort -u)" = test-model-2026-01-01/asked-all-1 ]
check 'what comes out is in order' alignx-validate out
check 'without a key none is sent' sh -c "! grep -qv -e ' - [0-9]*\$' log"
OPENAI_API_KEY=sk-123 ask ok/v1/ texts -o out
check 'a key is sent' [ "$(grep -c 'completions Bearer sk-123 ' log)" = 3 ]
check 'a key with a line break is refused' says 'OPENAI_API_KEY has a character' env OPENAI_API_KEY="$(printf 'a\nX: b')" alignx-map --annotator "$url" --ask-for m texts
check 'the whole address works too' sh -c "alignx-map --annotator $url/ok/chat/completions --ask all --ask-for test-model texts -o out2 && cmp out out2"
ask ok/v1 pair -o out
check 'a pair is asked about in both orders' [ "$(sent)" = 2 ]
check 'and what turns with the order cancels out' [ "$(alignx-cat out | jq -c '[.direction[3,86,73], (.first,.second | .intensities.value[3,86,73])]')" = '[1,0,0.5,50,-50,0,-50,50,0]' ]
check 'what comes out is a pair in order' alignx-validate out
check 'a name is needed' says '--ask-for must name' alignx-map --annotator "$url" texts -o x
check 'not with --model' says 'goes neither with --model' alignx-map --annotator "$url" --ask-for m --model x texts -o x

# its faults: told, tried again as often as asked, and no text but its own is lost
fault() { # PATH SENTENCE [OPTION...]
	path=$1 sentence=$2; shift 2
	ask "$path" --retries 1 "$@" texts -o out 2>err; code=$?
	check "$path: ends with 1" [ $code -eq 1 ]
	check "$path: each text is told, with its place" [ "$(grep -c "^alignx-map: texts:[0-9]*:[0-9]*: .*$sentence.*gave up after 2 tries" err)" = 3 ]
	check "$path: two tries for each" [ "$(sent)" = 6 ]
}
fault garbage 'the answer is of no use: it is no JSON, or was cut'
fault truncated 'the answer is of no use: it is no JSON, or was cut'
fault cut 'what the model said is no JSON, or was cut'
fault prose 'there is no JSON object in it'
fault shape 'no text at /choices/0/message/content'
fault wrong "'astrology' is no dimension"
fault number 'camping is no whole number from -2 to 2'
fault 429 'the endpoint answers 429: .*this is 429'
fault 500 'the endpoint answers 500: .*this is 500'
ask never --timeout 1 --retries 0 --failures 1 --parallel 1 texts -o out 2>err; code=$?
check 'never: the time is up after a second, and one failure may end it' sh -c "[ $code -eq 2 ] && grep -q 'no answer within 1 s; gave up after 1 try; that makes 1 texts in a row' err"
ask huge --retries 0 texts -o out 2>err
check 'huge: no more than a bound is taken' grep -q 'the answer has more than 8388608 bytes' err
ask 401 --parallel 1 texts -o out 2>err; code=$?
check '401 ends it at once' sh -c "[ $code -eq 2 ] && [ $(sent) -eq 1 ] && grep -q '401: .*this is 401' err"
ask 500 --retries 0 --failures 2 --parallel 1 texts -o out 2>err; code=$?
check 'failures in a row end it' sh -c "[ $code -eq 2 ] && [ $(sent) -eq 2 ] && grep -q '2 texts in a row' err"
check 'and nothing is left of the output' [ ! -e out.tmp ]
ask flaky --retries 2 texts -o out
check 'what works the third time works' [ "$(marks out)/$(sent)" = '[100,0,100,0][0,-100,0,100][0,0,0,0]/9' ]
start=$(date +%s%N); ask later texts -o out; took=$((($(date +%s%N) - start) / 1000000))
check "Retry-After is heeded ($took ms)" [ $took -ge 1000 ]
start=$(date +%s%N); ask ok --rate 300 texts -o out; took=$((($(date +%s%N) - start) / 1000000))
check "--rate is kept ($took ms)" [ $took -ge 400 ]
check 'nobody there' says 'onnect' alignx-map --annotator http://127.0.0.1:1/v1 --ask-for m --retries 0 texts -o x
check 'no such scheme' exits 2 alignx-map --annotator ftp://127.0.0.1/ --ask-for m texts -o x

# answers are kept
ask ok --cache kept --parallel 1 texts -o out; ask ok --cache kept texts -o again
check 'what is kept is not asked again' sh -c "[ $(sent) -eq 0 ] && cmp out again"
head -c -10 kept >cut; ask ok --cache cut texts -o again
check 'a line that was cut is asked again, alone' sh -c "[ $(sent) -eq 1 ] && cmp out again"
check 'and the file is whole again' cmp kept cut
ask wrong --retries 0 --cache bad texts -o again 2>err
check 'answers of no use are not kept' [ ! -s bad ]
cp "$samples/good-benchmark.jsonl" mine
check 'a file that is no cache is refused' says 'mine:1: this is no line of a cache' ask ok --cache mine texts -o x
check 'and left as it is' cmp mine "$samples/good-benchmark.jsonl"
exec 7>>kept; flock 7
check 'two do not write to one' says 'another program writes to this cache' ask ok --cache kept texts -o x
exec 7>&-
check 'a noun of another kind, behind those before it' says 'expected an interaction or a pair' sh -c "{ cat texts; alignx-cat $samples/good-benchmark.jsonl; } | alignx-map --annotator $url/ok --ask all --ask-for test-model -o x; [ \$(alignx-cat x | wc -l) = 3 ]"

# a model on this machine, with room for the questions
$PYTHON3 "$srcdir/tests/oracle/make_model.py" llama small.gguf 1
$PYTHON3 - small.gguf model.gguf <<'END'
import struct, sys
b = bytearray(open(sys.argv[1], "rb").read())
at = b.index(b"llama.context_length") + len("llama.context_length") + 4
b[at:at + 4] = struct.pack("<I", 4096)
open(sys.argv[2], "wb").write(b)
END
ids() { printf "$1" | "$builddir/tests/tools/tokenize" model.gguf; }
# log-probabilities of the three answers behind the question on camping behind a text
answers() {
	for answer in Positive Negative Unclear; do
		ids " $answer" >last
		{ echo 1; ids 'Somebody wrote this:\n\n'; ids "$1"; ids '\n\nWhat does it show of each dimension? The answer is Positive, Negative or Unclear.\n'
		ids '\nDimension: camping. Whether the person likes or dislikes camping as a topic.\nPositive: Likes camping. Negative: Dislikes camping.\nAnswer:'
		cat last; } >all
		alignx-score -m model.gguf --tokens all | sed '$d' | tail -n "$(wc -w <last)" | awk '{ s -= $1 } END { printf "%.9f ", s }'
	done
}
# value and confidence, from these
want() { { answers "$1"; answers ''; } | awk '{ b = $4 - $5; p = exp($1 - b / 2); q = exp($2 + b / 2); n = exp($3); v = 100 * (p - q) / (p + q)
    printf "%d %d", int(v + (v < 0 ? -0.5 : 0.5)), int(100 * (p + q) / (p + q + n) + 0.5) }'; }
alignx-map --annotator model.gguf texts -o out
check 'camping, from the scores of tokens' [ "$(alignx-cat out | jq -r 'select(.id == "b") | "\(.intensities.value[86]) \(.intensities.confidence[86])"')" = "$(want 'I hate my tent.')" ]
check 'texts differ' [ "$(alignx-cat out | jq -c .intensities.value | sort -u | wc -l)" = 3 ]
alignx-map --annotator model.gguf -j 3 --room 1500 texts -o other
check 'the same with threads and little room' cmp out other
check 'the model is named, with a hash of it' sh -c "alignx-cat out | head -1 | jq -e '.intensities.annotator | test(\"^tiny llama-[0-9a-f]{8}/asked-2$\")'"
alignx-map --annotator model.gguf pair -o out
check 'a pair gets a direction' sh -c "alignx-cat out | jq -e '.direction | any(. != 0.5)' && alignx-validate out"
jq -c '{kind,version,id,source,post,first:.second,second:.first,direction}' pair.json | alignx-cat | alignx-map --annotator model.gguf -o turned
check 'and turned, the opposite' [ "$(alignx-cat out | jq -c .direction)" = "$(alignx-cat turned | jq -c '.direction | map(1 - .)')" ]
check 'a context that is too short is told' says 'tokens are more than the model.s context of 256' alignx-map --annotator small.gguf texts -o x
check 'no model' says 'nowhere' alignx-map --annotator nowhere texts -o x
check 'a noun of another kind' says 'expected an interaction or a pair' sh -c "alignx-cat $samples/good-benchmark.jsonl | alignx-map --annotator model.gguf -o x"
done_testing
