#!/bin/bash
# What alignx-pear costs, in forward passes over the same sequences (20 of 50 + 50 tokens, a model
# of a billion weights, single precision): a detection, and a learning step with gradients down to
# the first layer.  And that coefficients are free: tokens a second and peak memory with them at
# run time and folded in, compared with none.
#
#	bench/pear.sh BUILD_FOLDER [MODEL [QUANTISED]]	models of random weights are made unless named
. "$(dirname "$0")/lib.sh"
threads=$(nproc)
make -s -C "$build" bench/pear bench/make_model || exit 2
model=${2:-$tmp/bf16.gguf} quantised=${3:-$tmp/q8_0.gguf}
[ -e "$model" ] || "$build/bench/make_model" "$model" BF16 || exit 2
[ -e "$quantised" ] || "$build/bench/make_model" "$quantised" Q8_0 || exit 2
echo 'what,commit,host,threads,seconds,peer,peer seconds,ratio,at most,hash'
for what in detect learn; do
	read -r pass spent ratio result < <("$build/bench/pear" "$model" "$threads" $what)
	most=40; [ $what = learn ] && most=3.5
	hash=$(echo "$result" | sha256sum | cut -c1-16)
	echo "$what,$commit,$(uname -n),$threads,$spent,forward pass,$pass,$ratio,$most,$hash"
done

# the same heads as bench/pear.c: every third
jq -n '[range(0; 16) as $l | range(0; 32) as $h | select(($l * 32 + $h) % 3 == 0) |
    {layer: $l, head: $h, coefficient: 0.75}] | {heads: .}' >"$tmp/by.json"
alignx-pear apply "$quantised" -c "$tmp/by.json" -o "$tmp/folded.gguf" || exit 2
read -r none with folded ratio_with ratio_folded < <("$build/bench/pear" "$quantised" "$threads" overhead "$tmp/folded.gguf")
echo 'what,commit,host,threads,tokens/s,peer,peer tokens/s,ratio,about'
echo "coefficients at run time,$commit,$(uname -n),$threads,$with,none,$none,$ratio_with,1"
echo "coefficients folded in,$commit,$(uname -n),$threads,$folded,none,$none,$ratio_folded,1"
seq 1000 1999 | tr '\n' ' ' >"$tmp/ids"
peak() { /usr/bin/time -f %M -o "$tmp/peak" alignx-score "$@" -j "$threads" --tokens "$tmp/ids" >/dev/null && cat "$tmp/peak"; }
none=$(peak -m "$quantised") with=$(peak -m "$quantised" --pear "$tmp/by.json") folded=$(peak -m "$tmp/folded.gguf")
echo 'what,commit,host,threads,peak KiB,peer,peer peak KiB,ratio,about'
for what in "coefficients at run time,$with" "coefficients folded in,$folded"; do
	echo "${what%,*},$commit,$(uname -n),$threads,${what##*,},none,$none,$(awk -v a="${what##*,}" -v b="$none" 'BEGIN { printf "%.4f", a / b }'),1"
done
