#!/bin/bash
# Too little memory is told in a sentence before work begins, by each program that opens
# a model.
. "${srcdir:-.}/tests/lib.sh"
cd "$tmp" || exit 99
if grep -q '^SAN = -f' "$builddir/Makefile" 2>/dev/null; then
	skip 'too little memory is told' 'the sanitizers need more'
	done_testing; exit
fi
model=$samples/tiny-llama.gguf copies=$srcdir/tests/pear/llama.gguf
seq 1 9 | tr '\n' ' ' >ids
echo '{"prompt":"a","chosen":"b"' >cut.jsonl
echo '{"heads":[{"layer":1,"head":0}]}' >heads
# told WHAT COMMAND...: with limits on addresses, on data, and with none that are less than what there is
told() {
	whose=$1; shift
	addresses() { (ulimit -v 1000000; "$@"); }
	data() { (ulimit -d 100000; "$@"); }
	check "$whose: ulimit -v" says 'B of memory are needed for .* tokens, and the limits of this process .* leave .*; lower --' addresses "$@"
	check "$whose: ulimit -d" says 'B of memory are needed for .* tokens, and the limits of this process .* leave .*; lower --' data "$@"
	check "$whose: one line, status 2" sh -c "(ulimit -v 1000000; \"\$@\") 2>told >/dev/null; [ \$? -eq 2 ] && [ \$(wc -l <told) -eq 1 ]" - "$@"
}
vast=16777216
told 'alignx-score --tokens' alignx-score -m "$model" -c $vast --tokens ids
told 'alignx-score of rows, before it reads one' alignx-score -m "$model" -c $vast --pairs cut.jsonl
told 'alignx-score --generate' alignx-score -m "$model" -c $vast --generate 3 --pairs cut.jsonl
told 'alignx-score of a reference' alignx-score -m "$model" --reference "$copies" -c $vast --pairs cut.jsonl
told 'alignx-map --annotator' alignx-map --annotator "$model" --ctx-size $vast cut.jsonl
told 'alignx-pear detect' alignx-pear detect "$copies" -N 200000 -n 60
told 'alignx-pear learn, which detects first' alignx-pear learn "$copies" --heads 3 -N 200000 -n 60
told 'alignx-pear learn' alignx-pear learn "$copies" --heads heads -N 1000 -n 60
"$builddir/bench/make_model" deep.gguf F32 128 128 4 4 64 64
check 'what no machine has' says 'GB of memory are needed, .* GB of them for a session of 16777216 tokens, and .* are available; lower --ctx-size or --batch-size' \
    alignx-score -m deep.gguf -c $vast --tokens ids
cp "$model" large.gguf; truncate -s 4G large.gguf
for program in 'alignx-score --tokens ids -m' 'alignx-map --annotator' 'alignx-pear detect'; do
	check "$program: a file that cannot be mapped" says 'large.gguf: 4.3 GB of memory are needed to map it, and the limits of this process (ulimit -v) leave' \
	    sh -c "ulimit -v 2000000; $program large.gguf </dev/null"
done
# a folder whose matrices are turned round, which takes their size; its numbers are a hole
$PYTHON3 "$srcdir/tests/oracle/make_model.py" gpt2 small/ 3
$PYTHON3 - <<'END'
import json, os, struct
width, at, tensors = 1024, 0, {}
def add(name, *shape):
    global at
    size = 4 * shape[0] * (shape[1] if len(shape) > 1 else 1)
    tensors[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + size]}
    at += size
add("wte.weight", 64, width)
add("wpe.weight", 64, width)
for name in "ln_f", "h.0.ln_1", "h.0.ln_2":
    add(name + ".weight", width)
    add(name + ".bias", width)
for name, n, m in ("attn.c_attn", 1, 3), ("attn.c_proj", 1, 1), ("mlp.c_fc", 1, 4), ("mlp.c_proj", 4, 1):
    add("h.0." + name + ".weight", n * width, m * width)
    add("h.0." + name + ".bias", m * width)
os.makedirs("folder")
head = json.dumps(tensors).encode()
head += b" " * (-len(head) % 8)
with open("folder/model.safetensors", "wb") as f:
    f.write(struct.pack("<Q", len(head)) + head)
    f.truncate(8 + len(head) + at)
config = json.load(open("small/config.json"))
config.update(n_embd=width, n_head=8, n_layer=1, vocab_size=64, n_positions=64, n_ctx=64)
json.dump(config, open("folder/config.json", "w"))
END
check 'a folder that must be copied' says 'folder: 50.3 MB of memory are needed for converted tensors, .* leave' \
    sh -c "ulimit -d 20000; alignx-score --describe folder"
check 'a folder that needs copies says how much of the memory they take' sh -c "ulimit -d 100000; alignx-score --describe folder | grep -q 'of which 50.3 are copied'"
# what fits is not refused
check 'alignx-score with enough' sh -c "ulimit -v 1000000; alignx-score -m $model -c 300 --tokens ids"
check 'alignx-pear with enough' sh -c "ulimit -v 1000000; alignx-pear detect $copies --seeds 1 -N 4 -n 20"
check 'without a session there is no limit' sh -c "ulimit -v 1000000; alignx-score --describe $model -c $vast"
done_testing
