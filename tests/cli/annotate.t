#!/bin/bash
# alignx-map --annotator: a model on this machine, compared with sums of its token scores, and a
# mock of a web service, with faults.
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
$PYTHON3 "$srcdir/tests/oracle/openai_mock.py" port log 2>server.err & server=$!
trap 'kill $server 2>/dev/null; rm -rf "$tmp"' EXIT
for _ in $(seq 100); do [ -s port ] && break; sleep 0.05; done
url=http://127.0.0.1:$(cat port)
asked() { path=$1; shift; : >log; alignx-map --annotator "$url/$path" --model-name test-model --backoff 0 "$@"; }
# requests of the last run, without late ones of a run that was broken off
sent() { grep -c "^/$path/" log; }
same() { cmp "$1" "$2"; }

# --ask-mode each: log-probabilities of answers, less the prior bias (of an empty text)
asked ok/v1 texts -o out
# for an empty text, P is three times as likely as N: 2 and -2 give tanh 2, with confidence 2 sqrt(3) cosh 2 / (that + 4)
check 'texts are judged by log-probabilities' [ "$(marks out)" = '[96,0,77,46][0,-96,46,77][0,0,46,46]' ]
check 'the annotator has the name of the model in the answers' [ "$(alignx-cat out | jq -r .intensities.annotator | sort -u)" = test-model-2026-01-01/asked-2 ]
check 'one request for each dimension, for each text and for an empty one' [ "$(sent)" = 360 ]
check 'the output is valid' alignx-validate out
asked pieces/v1 texts -o other
check 'a beginning of an answer counts as the answer, and tokens of one answer add up' same out other
asked ok/v1 --parallel 1 texts -o other; check '--parallel 1 gives the same' same out other
check '--parallel 1 sends at least one request' [ "$(cut -d' ' -f3 log | sort -n | tail -1)" -ge 1 ]
asked reset/v1 --parallel 1 --ask-mode all texts -o other
asked slow/v1 --parallel 9 texts -o other; check '--parallel 9 gives the same' same out other
check '--parallel 9 has 9 requests under way, and no more' [ "$(cut -d' ' -f3 log | sort -n | tail -1)" = 9 ]
asked ok/v1 pair -o out
check 'a pair is asked about in both orders' [ "$(sent)" = 360 ]
# the preference for A cancels out; one party and one tent: tanh 2 in both
check 'a preference for a position cancels out' [ "$(alignx-cat out | jq -c '[.direction[3,86,73], (.first,.second | .intensities.value[3,86,73])]')" = '[1,0,0.5,48,-48,0,-48,48,0]' ]
check 'the output is a valid pair' alignx-validate out
asked few texts -o out
# Unclear gets what is left of 1, 0.075; 0.5 and 0.125 are the same for an empty text
check 'an answer that is not among the tokens gets what the others leave' [ "$(marks out)" = '[0,0,87,87][0,0,87,87][0,0,87,87]' ]
asked strange --retries 0 --max-failures 9 texts -o out 2>err
check 'answers without a known token are refused, with the place of the text' [ "$(grep -c '^alignx-map: texts:[0-9]*:[0-9]*: .*none of Positive, Negative and Unclear is among the 3 most likely tokens' err)" = 3 ]
asked alias texts -o out
check 'one version behind an alias is named' [ "$(alignx-cat out | jq -r .intensities.annotator | sort -u)" = test-model-0/asked-2 ]
asked alias pair -o out
check 'two versions behind an alias are both named' [ "$(alignx-cat out | jq -r .first.intensities.annotator)" = test-model-0+test-model-1/asked-2 ]
for kind in nologprobs notop; do
	asked $kind texts -o out 2>err; code=$?
	check "$kind: the message names --ask-mode all" sh -c "[ $code -eq 2 ] && grep -q 'gives no log-probabilities .*use --ask-mode all' err && [ $(sent) -le 4 ]"
done
asked empty --retries 0 texts -o out 2>err; check 'an answer without tokens is unusable' grep -q 'unusable answer: it has no tokens' err
asked notoken --retries 0 texts -o out 2>err; check 'a token without log-probability is unusable' grep -q 'unusable answer: a token has no log-probability' err
asked garbage --retries 1 --parallel 1 texts -o out 2>err; code=$?
check 'garbage: each text is retried, and then reported' sh -c "[ $code -eq 1 ] && [ $(sent) -eq 6 ] && grep -c '^alignx-map: texts:[0-9]*:[0-9]*: .*not JSON, or is cut short; gave up after 2 tries' err | grep -qx 3"
asked 500 --retries 0 --max-failures 2 texts -o out 2>err; code=$?
check '--max-failures in a row end the run' sh -c "[ $code -eq 2 ] && grep -q '2 texts in a row' err"
asked never --timeout 0.5 --retries 0 --max-failures 1 texts -o out 2>err; code=$?
check 'no answer: all requests time out together' sh -c "[ $code -eq 2 ] && grep -q 'no answer within 0.5 s; gave up after 1 try' err"
asked flaky --retries 2 texts -o out; asked ok texts -o other; check 'a third try that works is enough' same out other
asked ok --cache steps texts -o out; head -n 100 steps >part; asked ok --cache part texts -o other
check 'an interrupted run continues from the cache' sh -c "[ $(sent) -eq 260 ] && cmp out other"

# --ask-mode all: one request, numbers
ask() { asked "$@" --ask-mode all; }
ask ok/v1 texts -o out
check 'texts are judged by numbers' [ "$(marks out)" = '[100,0,100,0][0,-100,0,100][0,0,0,0]' ]
check 'the annotator has the name of the mode' [ "$(alignx-cat out | jq -r .intensities.annotator | sort -u)" = test-model-2026-01-01/asked-all-1 ]
check 'the output is valid' alignx-validate out
check 'without OPENAI_API_KEY no key is sent' sh -c "! grep -qv -e ' - [0-9]*\$' log"
OPENAI_API_KEY=sk-123 ask ok/v1/ texts -o out
check 'OPENAI_API_KEY is sent' [ "$(grep -c 'completions Bearer sk-123 ' log)" = 3 ]
check 'a key with a line break is refused' says 'OPENAI_API_KEY must be printable' env OPENAI_API_KEY="$(printf 'a\nX: b')" alignx-map --annotator "$url" --model-name m texts
check 'a URL with /chat/completions works too' sh -c "alignx-map --annotator $url/ok/chat/completions --ask-mode all --model-name test-model texts -o out2 && cmp out out2"
check 'older spellings of options work' sh -c "alignx-map --annotator $url/ok --ask all --ask-for test-model --failures 2 texts -o out2 && cmp out out2"
ask ok/v1 pair -o out
check 'a pair is asked about in both orders' [ "$(sent)" = 2 ]
check 'a preference for a position cancels out' [ "$(alignx-cat out | jq -c '[.direction[3,86,73], (.first,.second | .intensities.value[3,86,73])]')" = '[1,0,0.5,50,-50,0,-50,50,0]' ]
check 'the output is a valid pair' alignx-validate out
check 'a service needs --model-name' says 'name the model to request from .* with --model-name' alignx-map --annotator "$url" texts -o x
check '--annotator is refused with --model' says 'cannot be used with --model' alignx-map --annotator "$url" --model-name m --model x texts -o x

# faults of the service are retried and reported, and only their own text is refused
fault() { # PATH SENTENCE [OPTION...]
	path=$1 sentence=$2; shift 2
	ask "$path" --retries 1 "$@" texts -o out 2>err; code=$?
	check "$path: exit status 1" [ $code -eq 1 ]
	check "$path: each text is reported with its place" [ "$(grep -c "^alignx-map: texts:[0-9]*:[0-9]*: .*$sentence.*gave up after 2 tries" err)" = 3 ]
	check "$path: each request is tried twice" [ "$(sent)" = 6 ]
}
fault garbage 'unusable answer: it is not JSON, or is cut short'
fault truncated 'unusable answer: it is not JSON, or is cut short'
fault cut 'what the model said is not JSON, or is cut short'
fault prose 'no JSON object in it'
fault shape 'no text at /choices/0/message/content'
fault wrong "unknown dimension 'astrology'"
fault number 'camping is not an integer from -2 to 2'
fault 429 'HTTP status 429: .*this is 429'
fault 500 'HTTP status 500: .*this is 500'
ask never --timeout 1 --retries 0 --max-failures 1 --parallel 1 texts -o out 2>err; code=$?
check 'no answer: a timeout, and --max-failures 1 ends the run' sh -c "[ $code -eq 2 ] && grep -q 'no answer within 1 s; gave up after 1 try; 1 text in a row without an answer' err"
ask huge --retries 0 texts -o out 2>err
check 'a huge answer is refused' grep -q 'the answer is longer than 8388608 bytes' err
ask 401 --parallel 1 texts -o out 2>err; code=$?
check 'HTTP 401 ends the run at once' sh -c "[ $code -eq 2 ] && [ $(sent) -eq 1 ] && grep -q '401: .*this is 401' err"
ask 500 --retries 0 --max-failures 2 --parallel 1 texts -o out 2>err; code=$?
check '--max-failures in a row end the run' sh -c "[ $code -eq 2 ] && [ $(sent) -eq 2 ] && grep -q '2 texts in a row' err"
check 'no temporary output is left' [ ! -e out.tmp ]
ask flaky --retries 2 texts -o out
check 'a third try that works is enough, and costs no text' [ "$(marks out)/$(sent)" = '[100,0,100,0][0,-100,0,100][0,0,0,0]/9' ]
start=$(date +%s%N); ask later texts -o out; took=$((($(date +%s%N) - start) / 1000000))
check "Retry-After is respected ($took ms)" [ $took -ge 1000 ]
start=$(date +%s%N); ask ok --rate 300 texts -o out; took=$((($(date +%s%N) - start) / 1000000))
check "--rate is respected ($took ms)" [ $took -ge 400 ]
check 'a service that is not there is reported' says 'onnect' alignx-map --annotator http://127.0.0.1:1/v1 --model-name m --retries 0 texts -o x
check 'a URL of another scheme is refused' exits 2 alignx-map --annotator ftp://127.0.0.1/ --model-name m texts -o x

# --cache
ask ok --cache kept --parallel 1 texts -o out; ask ok --cache kept texts -o again
check 'cached answers are not requested again' sh -c "[ $(sent) -eq 0 ] && cmp out again"
head -c -10 kept >cut.cache; ask ok --cache cut.cache texts -o again
check 'only an incomplete last line is requested again' sh -c "[ $(sent) -eq 1 ] && cmp out again"
check 'the cache is complete again' cmp kept cut
ask wrong --retries 0 --cache bad texts -o again 2>err
check 'unusable answers are not cached' [ ! -s bad ]
cp "$samples/good-benchmark.jsonl" mine
check 'a file that is not a cache is refused' says 'mine:1: not a line of a cache' ask ok --cache mine texts -o x
check 'a file that is not a cache stays unchanged' cmp mine "$samples/good-benchmark.jsonl"
exec 7>>kept; flock 7
check 'two programs do not write to one cache' says 'another program is writing to this cache' ask ok --cache kept texts -o x
exec 7>&-
check 'a message of another kind is refused, after earlier records are written' says 'expected an interaction or a pair' sh -c "{ cat texts; alignx-cat $samples/good-benchmark.jsonl; } | alignx-map --annotator $url/ok --ask-mode all --model-name test-model -o x; [ \$(alignx-cat x | wc -l) = 3 ]"

# a model on this machine, with a context that is long enough for the questions
$PYTHON3 "$srcdir/tests/oracle/make_model.py" llama small.gguf 1
$PYTHON3 - small.gguf model.gguf <<'END'
import struct, sys
b = bytearray(open(sys.argv[1], "rb").read())
at = b.index(b"llama.context_length") + len("llama.context_length") + 4
b[at:at + 4] = struct.pack("<I", 4096)
open(sys.argv[2], "wb").write(b)
END
ids() { printf "$1" | "$builddir/tests/tools/tokenize" model.gguf; }
# log-probabilities of the three answers to the question about camping, after a text
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
check 'a judgement agrees with the scores of tokens' [ "$(alignx-cat out | jq -r 'select(.id == "b") | "\(.intensities.value[86]) \(.intensities.confidence[86])"')" = "$(want 'I hate my tent.')" ]
check 'different texts get different values' [ "$(alignx-cat out | jq -c .intensities.value | sort -u | wc -l)" = 3 ]
alignx-map --annotator model.gguf -j 3 --ctx-size 1500 texts -o other
check 'the result is the same with threads and a small context' cmp out other
check 'the annotator has the name and a hash of the model' sh -c "alignx-cat out | head -1 | jq -e '.intensities.annotator | test(\"^tiny llama-[0-9a-f]{8}/asked-2$\")'"
alignx-map --annotator model.gguf pair -o out
check 'a pair gets a direction' sh -c "alignx-cat out | jq -e '.direction | any(. != 0.5)' && alignx-validate out"
jq -c '{kind,version,id,source,post,first:.second,second:.first,direction}' pair.json | alignx-cat | alignx-map --annotator model.gguf -o turned
check 'a pair with its responses swapped gets the opposite direction' [ "$(alignx-cat out | jq -c .direction)" = "$(alignx-cat turned | jq -c '.direction | map(1 - .)')" ]
check 'a context that is too short is reported' says 'tokens are more than the model.s context of 256' alignx-map --annotator small.gguf texts -o x
check 'a model that does not exist is reported' says 'nowhere' alignx-map --annotator nowhere texts -o x
check 'a message of another kind is refused' says 'expected an interaction or a pair' sh -c "alignx-cat $samples/good-benchmark.jsonl | alignx-map --annotator model.gguf -o x"
done_testing
