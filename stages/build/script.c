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
    "set -u\n"
    "export SHELL=/bin/bash LC_ALL=C\n";

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
    "# What alignx-ingest says of a dump: 2 if nothing of it could be read; a warning if it is cut\n"
    "# short or corrupt, or if more than one row in twenty was refused.\n"
    "check_dump() { # number, dump\n"
    "\tlocal stats=$work/map/$1.stats rows refused bad\n"
    "\t[ -f \"$stats\" ] || return 0 # --ingest has a --stats of its own\n"
    "\trows=$(sed -n 's/.*\"records\":\\([0-9]*\\),.*/\\1/p' \"$stats\")\n"
    "\trefused=$(sed -n 's/.*\"refused\":{\\([^}]*\\)}.*/\\1/p' \"$stats\")\n"
    "\tbad=$(tr , '\\n' <<<\"$refused\" | awk -F: '{ n += $NF } END { print n + 0 }')\n"
    "\tif [ \"$bad\" -gt 0 ] && [ \"$bad\" -ge \"$rows\" ]; then\n"
    "\t\techo \"alignx-build: nothing of $2 could be read\" >&2\n"
    "\t\treturn 2\n"
    "\tfi\n"
    "\tcase $refused in *'\"broken-input\"'*)\n"
    "\t\techo \"$2 is cut short or corrupt: $((rows - bad)) rows of it were read; get it again\" ;;\n"
    "\t*) [ $((20 * bad)) -le \"$rows\" ] ||\n"
    "\t\techo \"$bad of the $rows rows of $2 were refused\" ;;\n"
    "\tesac >\"$work/map/$1.warning\"\n"
    "}\n"
    "export -f all_well check_dump\n\n";

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
	    "# 1. Each dump: read, estimate intensities, drop duplicates, "
	    "split by post.\n"
	    "map() { # number, source, dump\n"
	    "\tout=$work/map/$1\n"
	    "\t[ -d \"$out\" ] && return\n"
	    "\trm -rf \"$out.tmp\"\n"
	    "\talignx-ingest --stats \"$work/map/$1.stats\" --source \"$2\"");
	put_options(b, p->ingest);
	buf_add_str(b, " -- \"$3\" |\n\t    ");
	put_annotate(b, p);
	buf_add_str(b, " |\n\t    alignx-dedup");
	put_options(b, p->dedup);
	buf_printf(b,
	    " |\n\t    alignx-shard -n %ld --by post --seed %ld "
	    "-o \"$out.tmp\"\n"
	    "\tall_well \"${PIPESTATUS[@]}\" && check_dump \"$1\" \"$3\" && mv \"$out.tmp\" \"$out\"\n"
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
	    "# 2. Each post-shard: join comments with their posts, pair "
	    "them, split by user.\n"
	    "pair() { # shard\n"
	    "\tout=$work/pair/$1\n"
	    "\t[ -d \"$out\" ] && return\n"
	    "\trm -rf \"$out.tmp\"\n"
	    "\tcat \"$work\"/map/*[0-9]/part-$1.msgpack |\n"
	    "\t    alignx-dedup");
	put_options(b, p->dedup);
	buf_printf(b, " |\n\t    alignx-pair --seed %ld", p->seed);
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
put_emit(const struct build_plan *p, struct buf *b)
{
	buf_add_str(b,
	    "# 3. Each user-shard: build the records.\n"
	    "emit() { # shard\n"
	    "\tout=$work/emit/$1\n"
	    "\t[ -d \"$out\" ] && return\n"
	    "\trm -rf \"$out.tmp\"\n"
	    "\tcat \"$work\"/pair/*[0-9]/part-$1.msgpack |\n");
	buf_printf(b, "\t    alignx-emit --seed %ld --part $((10#$1))", p->seed);
	put_options(b, p->emit);
	buf_printf(b,
	    " -o \"$out.tmp\"\n"
	    "\tall_well \"${PIPESTATUS[@]}\" && mv \"$out.tmp\" \"$out\"\n"
	    "}\n"
	    "export -f emit\n"
	    "seq -f %%05g 0 %ld | each -j %ld emit\n\n",
	    p->shards - 1, p->jobs);
}

static const char tail[] =
    "# 4. Collect the parts, check every record, write the manifest last.\n"
    "rm -rf \"$work/all\" && mkdir \"$work/all\" &&\n"
    "    cp -al \"$work\"/emit/*[0-9]/. \"$work/all\" || exit 2\n"
    "alignx-emit --merge -o \"$work/all\" </dev/null >\"$work/summary\" || exit 2\n"
    "find \"$work/all\" -name '*.msgpack*' -print0 | sort -z |\n"
    "    xargs -0 -r alignx-validate --summary >\"$work/valid\" || {\n"
    "\techo 'alignx-build: records are invalid; nothing was put in place' >&2\n"
    "\texit 2\n"
    "}\n"
    "# What a user may not expect is said, and is in the manifest.\n"
    "{ cat \"$work\"/map/*.warning\n"
    "  sed -n 's/^\\(no records\\|no test rows\\)\\t/\\1: /p' \"$work/summary\"; } >\"$work/warnings\"\n"
    "list=$(sed 's/[\\\\\"]/\\\\&/g; s/.*/\"&\"/' \"$work/warnings\" | paste -sd ,)\n"
    "sed \"\\$ s/}\\$/,/\" \"$work/all/manifest.json\" >\"$work/manifest.json\" &&\n"
    "    printf '\\n\"warnings\":[%s]}\\n' \"$list\" >>\"$work/manifest.json\" &&\n"
    "    rm \"$work/all/manifest.json\" &&\n"
    "    rm -rf \"$dir/train\" \"$dir/test\" \"$dir/manifest\" &&\n"
    "    mv \"$work\"/all/* \"$dir\" &&\n"
    "    mv \"$work/manifest.json\" \"$dir/manifest.json\" || exit 2\n"
    "cat \"$work/summary\"\n"
    "echo \"seconds\t$(($(date +%s) - began))\"\n"
    "echo \"written to\t$dir\"\n"
    "sed 's/^/alignx-build: /' \"$work/warnings\" >&2\n"
    "! grep -qv '^no test rows' \"$work/warnings\" || exit 1\n";

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
	put_emit(p, b);
	buf_add_str(b, tail);
	if (!p->is_kept)
		buf_add_str(b, "rm -rf \"$work\"\n");
}
