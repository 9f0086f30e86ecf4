#include "config.h"

#include <string.h>

#include "stages/build/script.h"

void
build_put_word(struct buf *b, const char *s)
{
	buf_add_byte(b, '\'');
	for (; *s != '\0'; s++)
		if (*s == '\'')
			buf_add_str(b, "'\\''");
		else
			buf_add_byte(b, *s);
	buf_add_byte(b, '\'');
}

static const char head[] =
    "#!/bin/bash\n"
    "# Written by alignx-build.  Run it again after an interruption: finished jobs\n"
    "# are skipped.\n"
    "set -u -o pipefail\n"
    "export SHELL=/bin/bash LC_ALL=C ALIGNX_PROGRESS=never\n";

/* Exit status 1 is fine: some records were refused, and each was reported.  Anything
 * above stops the build. */
static const char checks[] =
    "command -v parallel >/dev/null || {\n"
    "\techo 'alignx-build: GNU Parallel is needed (Debian package parallel)' >&2\n"
    "\texit 2\n"
    "}\n"
    "began=$(date +%s)\n"
    "mkdir -p \"$work/map\" \"$work/pair\" \"$work/emit\" || exit 2\n"
    "each() { parallel --will-cite --halt now,fail=1 \"$@\" || {\n"
    "\techo 'alignx-build: a job failed; fix the cause and run again with --resume' >&2\n"
    "\texit 2\n"
    "}; }\n"
    "all_well() { for code; do [ \"$code\" -le 1 ] || return 2; done; }\n"
    "# The results of a dump are named by its key, the first column of dumps.tsv.\n"
    "key() { sed -n \"$((10#$1 + 1))s/\t.*//p\" \"$work/dumps.tsv\"; }\n"
    "of_dumps() { while read -r key _; do cat \"$work/map/$key$1\" || exit 2; done <\"$work/dumps.tsv\"; }\n"
    "# Was anything of a dump read?\n"
    "some_read() { # stats, dump\n"
    "\tlocal rows bad\n"
    "\t[ -f \"$1\" ] || return 0 # --ingest has a --stats of its own\n"
    "\trows=$(sed 's/.*\"records\":\\([0-9]*\\),.*/\\1/' \"$1\")\n"
    "\tbad=$(sed 's/.*\"refused\":{\\([^}]*\\)}.*/\\1/; s/,/\\n/g' \"$1\" | awk -F: '{ n += $NF } END { print n + 0 }')\n"
    "\t[ \"$bad\" -eq 0 ] || [ \"$bad\" -lt \"$rows\" ] || {\n"
    "\t\techo \"alignx-build: nothing of $2 could be read\" >&2\n"
    "\t\treturn 2\n"
    "\t}\n"
    "}\n"
    "export -f all_well key of_dumps some_read\n\n";

static void
put_options(struct buf *b, const char *options)
{
	if (options != NULL)
		buf_printf(b, " %s", options);
}

/* In one process, unless alignx-extract has options of its own. */
static void
put_annotate(struct buf *b, const struct build_plan *p)
{
	if (p->extract != NULL)
		buf_printf(b, "alignx-extract %s |\n\t    alignx-map", p->extract);
	else
		buf_add_str(b, "alignx-map --extract");
	put_options(b, p->map);
}

static void
put_map(const struct build_plan *p, struct buf *b)
{
	buf_add_str(b,
	    "# 1. Each dump: read, estimate intensities, sign for the search of duplicates,\n"
	    "# split by post.\n"
	    "map() { # number, source, dump\n"
	    "\tout=$work/map/$(key \"$1\")\n"
	    "\t[ -d \"$out\" ] && return\n"
	    "\trm -rf \"$out.tmp\"\n"
	    "\tsha256sum <\"$3\" >\"$out.sha256\" &\n"
	    "\talignx-ingest --stats \"$out.stats\" --source \"$2\"");
	put_options(b, p->ingest);
	buf_add_str(b, " -- \"$3\" |\n\t    ");
	put_annotate(b, p);
	buf_add_str(b, " |\n\t    alignx-dedup --sign \"$out.sign\"");
	put_options(b, p->dedup);
	buf_printf(b,
	    " |\n\t    alignx-shard -n %ld --by post --seed %ld "
	    "-o \"$out.tmp\"\n"
	    "\tall_well \"${PIPESTATUS[@]}\" && some_read \"$out.stats\" \"$3\" && wait &&\n"
	    "\t    mv \"$out.tmp\" \"$out\"\n"
	    "}\n"
	    "export -f map\n"
	    "each -j %ld --colsep '\\t' map {1} {2} {3} <<'END'\n",
	    p->shards, p->seed, p->map_jobs);
	for (size_t i = 0; i < p->dumps; i++)
		buf_printf(b, "%05zu\t%s\t%s\n", i, p->dump[i].source, p->dump[i].path);
	buf_add_str(b, "END\n\n");
}

static void
put_pair(const struct build_plan *p, struct buf *b)
{
	buf_add_str(b,
	    "# 2. Duplicates among all texts; then each post-shard: drop them, join comments with\n"
	    "# what they answer, pair them, split by user.\n"
	    "[ -f \"$work/drops\" ] || of_dumps .sign |\n"
	    "    alignx-dedup --decide --stats \"$work/decide.stats\"");
	put_options(b, p->dedup);
	buf_add_str(b,
	    " -o \"$work/drops\" || exit 2\n"
	    "pair() { # shard\n"
	    "\tout=$work/pair/$1\n"
	    "\t[ -d \"$out\" ] && return\n"
	    "\trm -rf \"$out.tmp\"\n"
	    "\tof_dumps /part-$1.msgpack |\n"
	    "\t    alignx-dedup");
	put_options(b, p->dedup);
	buf_printf(b,
	    " --drop \"$work/drops\" --stats \"$out.drop\" |\n"
	    "\t    alignx-pair --seed %ld --stats \"$out.stats\"",
	    p->seed);
	put_options(b, p->pair);
	buf_printf(b,
	    " |\n\t    alignx-shard -n %ld --by user --seed %ld "
	    "-o \"$out.tmp\"\n"
	    "\tall_well \"${PIPESTATUS[@]}\" && mv \"$out.tmp\" \"$out\"\n"
	    "}\n"
	    "export -f pair\n"
	    "seq -f %%05g 0 %ld | each -j %ld pair\n\n",
	    p->shards, p->seed, p->shards - 1, p->jobs);
}

static void
put_split(const struct build_plan *p, struct buf *b)
{
	buf_add_str(b,
	    "# 3. All pairs: decide which threads and users are test data.\n"
	    "[ -f \"$work/split\" ] || cat \"$work\"/pair/*[0-9]/part-*.msgpack |\n");
	buf_printf(b, "    alignx-emit --seed %ld", p->seed);
	put_options(b, p->emit);
	buf_add_str(b, " --write-split \"$work/split\" || exit 2\n\n");
}

static void
put_emit(const struct build_plan *p, struct buf *b)
{
	buf_add_str(b,
	    "# 4. Each user-shard: build the records.\n"
	    "emit() { # shard\n"
	    "\tout=$work/emit/$1\n"
	    "\t[ -d \"$out\" ] && return\n"
	    "\trm -rf \"$out.tmp\"\n"
	    "\tcat \"$work\"/pair/*[0-9]/part-$1.msgpack |\n");
	buf_printf(b, "\t    alignx-emit --seed %ld --part $((10#$1))", p->seed);
	put_options(b, p->emit);
	buf_printf(b,
	    " --read-split \"$work/split\" -o \"$out.tmp\"\n"
	    "\tall_well \"${PIPESTATUS[@]}\" && mv \"$out.tmp\" \"$out\"\n"
	    "}\n"
	    "export -f emit\n"
	    "seq -f %%05g 0 %ld | each -j %ld emit\n\n",
	    p->shards - 1, p->jobs);
}

static const char tail[] =
    "# 5. Collect the parts, check every record, sum up, and put all in place.\n"
    "rm -rf \"$work/all\" && mkdir \"$work/all\" &&\n"
    "    cp -al \"$work\"/emit/*[0-9]/. \"$work/all\" || exit 2\n"
    "alignx-emit --merge -o \"$work/all\" </dev/null >/dev/null || exit 2\n"
    "find \"$work/all\" -name '*.msgpack*' -print0 | sort -z |\n"
    "    xargs -0 -r alignx-validate --summary >\"$work/valid\" || {\n"
    "\techo 'alignx-build: records are invalid; nothing was put in place' >&2\n"
    "\texit 2\n"
    "}\n"
    "alignx-build --sum-up -o \"$dir\"\n"
    "result=$?\n"
    "[ $result -le 1 ] || exit 2\n"
    "rm -rf \"$dir/train\" \"$dir/test\" \"$dir/uninformed\" \"$dir/manifest\" &&\n"
    "    rm \"$work/all/manifest.json\" && mv \"$work\"/all/* \"$dir\" &&\n"
    "    mv \"$work/manifest.json\" \"$dir/manifest.json\" || exit 2\n"
    "echo \"seconds\t$(($(date +%s) - began))\"\n"
    "echo \"written to\t$dir\"\n";

void
build_script(const struct build_plan *p, struct buf *b)
{
	buf_add_str(b, head);
	buf_add_str(b, "PATH=");
	build_put_word(b, p->programs);
	buf_add_str(b, ":$PATH\ndir=");
	build_put_word(b, p->dir);
	buf_add_str(b, "\nexport PATH work=$dir/.work\n");
	buf_add_str(b, checks);
	put_map(p, b);
	put_pair(p, b);
	put_split(p, b);
	put_emit(p, b);
	buf_add_str(b, tail);
	if (!p->is_kept)
		buf_add_str(b, "rm -rf \"$work\"\n");
	buf_add_str(b, "exit $result\n");
}
