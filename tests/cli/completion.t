#!/bin/bash
# What shells complete: programs after alignx, then their options, words that options take, files.
. "${srcdir:-.}/tests/lib.sh"
cd "$tmp" || exit 99
mkdir sub 'blank folder'; touch sub/inner.msgpack 'blank folder/inner file'

# the words that a completion function offers
for prog in alignx alignx-{pair,score,emit,map,cat,validate,ingest,build}; do
	"$prog" --print-completion=bash >"$prog.bash"
	# shellcheck source=/dev/null
	. "./$prog.bash"
done
offered() {
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); COMPREPLY=()
	"_${1//-/_}" "$1" 2>&1; echo "${COMPREPLY[*]}"
}
check 'bash: programs' [ "$(offered alignx p)" = 'pair profile pear' ]
check 'bash: a program that is begun' [ "$(offered alignx pa)" = pair ]
check 'bash: the options of a program' [ "$(offered alignx pair --max-r)" = '--max-ratio --max-responses' ]
check 'bash: words that its option takes' [ "$(offered alignx pair --answers '')" = 'parent post' ]
check 'bash: a program whose completion is not loaded' [ "$(offered alignx map --ann)" = --annotator ]
check 'bash: a command of a program' [ "$(offered alignx pear le)" = learn ]
check 'bash: an option of this command' [ "$(offered alignx pear learn --ste)" = --steps ]
check 'bash: alignx help' [ "$(offered alignx help pe)" = pear ]
check 'bash: nothing for an unknown program' [ "$(offered alignx wombat --)" = '' ]
check 'bash: words after --option=' [ "$(offered alignx-score --print =)" = 'scores prompt tokens' ]
check 'bash: a word that is begun after --option=' [ "$(offered alignx-score --print = p)" = prompt ]
check 'bash: nothing where a number is wanted' [ "$(offered alignx-pair --tries '')" = '' ]
check 'bash: folders alone where a folder is wanted' [ "$(touch susan; offered alignx-emit -o su)" = sub ]
offers() { for word in $2; do [[ " $1 " == *" $word "* ]] || { echo "$word is not among $1"; return 1; }; done; }
check 'bash: words and files where both are taken' offers "$(offered alignx-score --reference '')" 'none same-without-persona sub'
check 'bash: the default model' offers "$(offered alignx-map -m '')" 'default sub'
kinds=$(alignx-cat -k wombat </dev/null 2>&1 | sed 's/.*; name //; s/, / /g; s/ or / /')
check 'bash: kinds of messages of alignx-cat' [ "$(offered alignx-cat -k '')" = "$kinds" ]
check 'bash: kinds of messages of alignx-validate' [ "$(offered alignx-validate -k '')" = "$kinds" ]
sources=$(offered alignx-ingest -s '')
check 'bash: kinds of dumps of alignx-build are the sources of alignx-ingest' [ "$(offered alignx-build -s '')" = "${sources:-none}" ]
offered alignx-pair bla >/dev/null
check 'bash: a name with a blank stays one' [ "${#COMPREPLY[@]}" = 1 ]

# what is on the line after Tab; the functions print the words that they get
if command -v script >/dev/null; then
	cat alignx.bash alignx-pair.bash >rc
	echo "PS1='> '; alignx-pair() { printf '<%s>' \"\$@\"; echo; }" >>rc
	typed() { printf '%b\nexit\n' "$1" | script -qec 'bash --noprofile --rcfile rc -i' /dev/null | tr -d '\r' | sed -n 's/^[^<]*\(<.*>\)$/\1/p'; }
	check 'bash: a folder gets / and no blank' [ "$(typed 'alignx-pair sub\tinn\t')" = '<sub/inner.msgpack>' ]
	check 'bash: a folder with a blank in its name' [ "$(typed 'alignx-pair bl\tinn\t')" = '<blank folder/inner file>' ]
	check 'bash: a word gets a blank' [ "$(typed 'alignx-pair --answ\tpa\tx')" = '<--answers><parent><x>' ]
else skip 'bash on a terminal' 'there is no script here'; fi

if command -v fish >/dev/null; then
	mkdir fish; for prog in $programs; do "$prog" --print-completion=fish >"fish/$prog.fish"; done
	fished() { HOME=$tmp fish --no-config -c "set -p fish_complete_path $tmp/fish; complete -C '$1'" | cut -f1 | tr '\n' ' '; }
	check 'fish: programs' [ "$(fished 'alignx p')" = 'pair pear profile ' ]
	check 'fish: the options of a program' [ "$(fished 'alignx pair --max-r')" = '--max-ratio --max-responses ' ]
	check 'fish: words that its option takes' [ "$(fished 'alignx pair --answers ')" = 'parent post ' ]
	check 'fish: an option of a command of a program' [ "$(fished 'alignx pear learn --ste')" = '--steps ' ]
	check 'fish: alignx help' [ "$(fished 'alignx help pe')" = 'pear ' ]
	check 'fish: folders alone where a folder is wanted' [ "$(fished 'alignx-emit -o su')" = 'sub/ ' ]
else skip 'fish' 'there is none here'; fi
done_testing
