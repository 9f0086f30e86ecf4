#!/bin/bash
# Tokenizers, compared with published ids and with an exhaustive search, and with the
# settings that their files may have.
. "${srcdir:-.}/tests/lib.sh"
cd "$tmp" || exit 99
oracle=$srcdir/tests/oracle
tokenize() { "$builddir/tests/tools/tokenize" "$@"; }
comments() { "$builddir/tests/tools/comments" "$@"; }

# a small vocabulary, altered by jq
cat >bpe.json <<'END'
{"added_tokens":[{"id":0,"content":"<s>","special":true},{"id":1,"content":"<|end|>","special":true,"rstrip":true},
 {"id":2,"content":"<tag>","special":false}],
 "normalizer":null,"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"use_regex":true},
 "model":{"type":"BPE","vocab":{"a":3,"b":4,"c":5,"Ġ":6,"ab":7,"Ġa":8,"abc":9,"Ġab":10,"1":11,"2":12,"Ã":13,"©":14,"Ã©":15,
  "A":16,"12":17,"ĠĠ":18,"e":19,"Ì":20,"ģ":21,".":22},
  "merges":["a b","Ġ a","ab c","Ġa b",["1","2"],"Ã ©","Ġ Ġ"]}}
END
folder() { # NAME FILE JQ
	mkdir -p "$1"; jq "$3" "$2" >"$1/tokenizer.json"
}
ids() { # WHAT WANT NAME FILE JQ TEXT
	folder "$3" "$4" "$5"
	check "$1" [ "$(printf '%b' "$6" | tokenize "$3" 2>/dev/null)" = "$2" ]
}
refused() { # NAME WANT FILE JQ
	folder "$1" "$3" "$4"
	check "tokenizer.json, $1: reported" says "$2" tokenize "$1"
}
ids 'merges are applied by rank' '9 8 6 9' bpe bpe.json . 'abc a abc'
ids 'a control token is not recognised in plain text' '' bpe bpe.json . '<s>'
ids 'an added token is found in plain text' '3 2 4' bpe bpe.json . 'a<tag>b'
ids 'the bytes of a character are merged' '15' bpe bpe.json . '\xc3\xa9'
ids 'Digits: one by one' '6 11 12' digits bpe.json '.pre_tokenizer = {"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},.pre_tokenizer]}' ' 12'
ids 'Digits: together' '6 17' numbers bpe.json '.pre_tokenizer = {"type":"Sequence","pretokenizers":[{"type":"Digits"},.pre_tokenizer]}' ' 12'
ids 'NFC composes characters' '15' nfc bpe.json '.normalizer = {"type":"NFC"}' 'e\xcc\x81'
ids 'without NFC they stay apart' '19 20 21' plain bpe.json . 'e\xcc\x81'
ids 'NFKC maps compatible forms' '3' nfkc bpe.json '.normalizer = {"type":"NFKC"}' '\xef\xbd\x81'
ids 'Lowercase' '7' lower bpe.json '.normalizer = {"type":"Lowercase"}' 'Ab'
ids 'Strip' '7' strip bpe.json '.normalizer = {"type":"Strip","strip_left":true,"strip_right":true}' '\t ab \n'
ids 'Replace in a Sequence' '9' replace bpe.json '.normalizer = {"type":"Sequence","normalizers":[{"type":"Replace","pattern":{"String":"xy"},"content":"bc"}]}' 'axy'
ids 'Prepend' '6 7' prepend bpe.json '.normalizer = {"type":"Prepend","prepend":" "}' 'ab'
ids 'add_prefix_space adds a space' '6 7' blank bpe.json '.pre_tokenizer.add_prefix_space = true' 'ab'
ids 'add_prefix_space adds none if the text begins with one' '6 7' blank2 bpe.json '.pre_tokenizer.add_prefix_space = true' ' ab'
ids 'ignore_merges: a word that is a token is not split' '9' whole bpe.json '.model.ignore_merges = true | .model.merges = []' 'abc'
split() { jq -cn --arg p "$1" --arg b "$2" --argjson i "${3:-false}" '{type:"Sequence",pretokenizers:[{type:"Split",pattern:{Regex:$p},behavior:$b,invert:$i},{type:"ByteLevel",add_prefix_space:false,use_regex:false}]}'; }
ids 'Split: Isolated' '3 4 5' isolated bpe.json ".pre_tokenizer = $(split b Isolated)" 'abc'
ids 'Split: Removed' '3 5' removed bpe.json ".pre_tokenizer = $(split b Removed)" 'abc'
ids 'Split: MergedWithPrevious' '7 5' previous bpe.json ".pre_tokenizer = $(split b MergedWithPrevious)" 'abc'
ids 'Split: MergedWithNext' '3 4 5' next bpe.json ".pre_tokenizer = $(split b MergedWithNext)" 'abc'
ids 'Split: Contiguous' '3 4 4 5' together bpe.json ".pre_tokenizer = $(split b Contiguous)" 'abbc'
ids 'Split: inverted' '4' inverted bpe.json ".pre_tokenizer = $(split b Removed true)" 'abc'
ids 'Split: nested character classes' '9 22' classes bpe.json ".pre_tokenizer = $(split '[^([.,])]+' Isolated)" 'abc.'
refused pattern 'pattern of the pre-tokenizer is not supported' bpe.json ".pre_tokenizer = $(split '(' Isolated)"
refused normalizer 'normalizer Xyz is not supported' bpe.json '.normalizer = {"type":"Xyz"}'
refused pre-tokenizer 'pre-tokenizer Xyz is not supported' bpe.json '.pre_tokenizer = {"type":"Xyz"}'
refused behavior 'behavior Xyz is not supported' bpe.json ".pre_tokenizer = $(split b Xyz)"
refused wordpiece 'model WordPiece is not supported; BPE and Unigram are' bpe.json '.model.type = "WordPiece"'
refused suffix 'end_of_word_suffix is not supported' bpe.json '.model.end_of_word_suffix = "</w>"'
refused single 'single_word is not supported' bpe.json '.added_tokens[2].single_word = true'
refused regex 'must have a String to replace' bpe.json '.normalizer = {"type":"Replace","pattern":{"Regex":" +"},"content":""}'
refused gap 'large gaps between ids' bpe.json '.model.vocab.zz = 9999999'
refused negative 'map from tokens to ids' bpe.json '.model.vocab.zz = -1'
refused no-tokens 'map from tokens to ids' bpe.json 'del(.model.vocab)'
refused no-merges 'expected a list of pairs' bpe.json '.model.merges = [1]'
refused deep 'normalizer Sequence is not' bpe.json 'def deep(n): if n == 0 then null else {"type":"Sequence","normalizers":[deep(n-1)]} end; .normalizer = deep(9)'
refused charsmap 'precompiled_charsmap is not valid' bpe.json '.normalizer = {"type":"Precompiled","precompiled_charsmap":"AAAA"}'
mkdir -p lines; echo '{"a":0,"b":1,"c":2,"ab":3,"abc":4}' >lines/vocab.json
printf '#version: 0.2\na b\nab c\n' >lines/merges.txt
check 'vocab.json and merges.txt are read' [ "$(printf abcab | tokenize lines 2>/dev/null)" = '4 3' ]

# Unigram, compared with a search through all segmentations
$PYTHON3 - >unigram.json <<'END'
import json, random
r = random.Random(5)
pieces = ["\u2581", "a", "b", "c"] + sorted({"".join(r.choice("ab\u2581") for _ in range(r.randrange(2, 6))) for _ in range(60)})
print(json.dumps({"model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0]] + [[p, -r.random() * 10 - 1] for p in pieces]},
    "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": False}}))
END
folder unigram unigram.json .
$PYTHON3 - >texts <<'END'
import random
r = random.Random(6)
for _ in range(40):
    print("".join(r.choice("aabbc zz") for _ in range(r.randrange(1, 14))), end="\0")
END
$PYTHON3 - >want <<'END'
import json, re
vocab = json.load(open("unigram.json"))["model"]["vocab"]
score, ids = dict(map(tuple, vocab)), {p: i for i, (p, _) in enumerate(vocab)}
unknown = min(score.values()) - 10
def best(s, seen={}):
    if s and s not in seen:
        ways = []
        for n in range(1, len(s) + 1):
            if s[:n] in score and s[:n] != "<unk>" or (n == 1 and s[0] not in score):
                rest = best(s[n:])
                ways.append((score.get(s[:n], unknown) + rest[0], [ids.get(s[:n], 0)] + rest[1]))
        seen[s] = max(ways)
    return seen.get(s, (0, []))
for text in open("texts").read().split("\0")[:-1]:
    text = text.replace(" ", "\u2581")
    out = best(text if text.startswith("\u2581") else "\u2581" + text)[1]
    print(*[i for k, i in enumerate(out) if i or k == 0 or out[k - 1]])	# a run of unknown ones is one
END
tr '\0' '\n' <texts | sed '$!s/$/\n--/' | head -c -1 | tokenize unigram -- >got 2>/dev/null
check 'Unigram finds the best of all segmentations' cmp want got
ids 'byte_fallback: an unknown character becomes byte tokens' '2 0 1' fallback unigram.json '.model.byte_fallback = true | .model.vocab = [["<0x7A>",-9],["a",-1],["▁",-1]]' 'za'
refused no-score 'pairs of a string and a score' unigram.json '.model.vocab[3] = ["x"]'

mkdir -p pieces
PYTHONPATH=$oracle PYTHONDONTWRITEBYTECODE=1 $PYTHON3 - <<'END'
import json, make_folder
vocab = json.load(open("unigram.json"))["model"]["vocab"]
with open("pieces/tokenizer.model", "wb") as out:
    out.write(make_folder.sentencepiece([(p, s, 2 if p == "<unk>" else 1) for p, s in vocab], 1, 0, (-1, -1)))
END
sed 's/ //g' <texts >apart	# without spaces: only Metaspace leaves out the prefix before one
tr '\0' '\n' <apart | sed '$!s/$/\n--/' | head -c -1 | tokenize unigram -- >want 2>/dev/null
tr '\0' '\n' <apart | sed '$!s/$/\n--/' | head -c -1 | tokenize pieces -- >got 2>/dev/null
check 'tokenizer.model gives the ids of tokenizer.json' cmp want got

# a vocabulary with a token for every byte
$PYTHON3 - >bytes.json <<'END'
import json
t = json.load(open("bpe.json"))
plain = [b for b in range(256) if 33 <= b <= 126 or 161 <= b <= 172 or b >= 174]
letters = [chr(b) for b in plain] + [chr(256 + i) for i in range(256 - len(plain))]
for c in letters:
    t["model"]["vocab"].setdefault(c, len(t["model"]["vocab"]) + 3)
print(json.dumps(t))
END
folder bytes bytes.json .
printf 'abc a\0<tag>ab\0\0a\n\n b\0\xc3\xa9t\xc3\xa9 \xf0\x9f\x90\x88 12,345\0' >few
check 'altered texts are decoded to themselves' comments bytes few 5000

if [ -n "${ALIGNX_REALDATA:-}" ]; then
	cut -f1 "$ALIGNX_REALDATA/goemotions/train.tsv" | tr '\n' '\0' >comments.txt
	for v in gpt-2 mpt llama-bpe qwen2 llama-spm phi-3; do
		vocab=$ALIGNX_REALDATA/models/vocab/ggml-vocab-$v.gguf
		$PYTHON3 "$oracle/make_tokenizer.py" "$vocab" $v
		tokenize $v __ggml_vocab_test__ <"$vocab.inp" >got 2>/dev/null
		check "tokenizer.json of $v gives the published ids" cmp <(sed 's/^ *//; s/ *$//' "$vocab.out") <(sed '$d' got)
		check "$v: real and altered comments are decoded to themselves" comments "$vocab" comments.txt 60000
	done
	$PYTHON3 "$oracle/make_tokenizer.py" "$ALIGNX_REALDATA/models/vocab/ggml-vocab-gpt-2.gguf" gpt2-lines plain
	check 'vocab.json and merges.txt of GPT-2 give the same' cmp <(head -c 300000 comments.txt | tokenize gpt2-lines 2>/dev/null) \
	    <(head -c 300000 comments.txt | tokenize gpt-2 2>/dev/null)
else
	skip 'vocabularies and comments' 'ALIGNX_REALDATA is not set'
fi
done_testing
