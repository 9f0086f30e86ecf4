/* script.h - the whole build as a readable shell script.
 *
 * A map over the dumps, a reduce over post-shards, the split, a reduce over user-shards, then
 * validation and the manifest; GNU Parallel runs the jobs.  Each job writes to a
 * temporary name that it renames at the end, so the script can be run again after a
 * kill: finished jobs are skipped. */

#ifndef ALIGNX_STAGES_BUILD_SCRIPT_H
#define ALIGNX_STAGES_BUILD_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/buf.h"

struct build_dump {
	const char *source; /* of alignx-ingest --source */
	const char *path;
	const char *key; /* hash of all that its map job depends on; names its results */
};

struct build_plan {
	const char *programs; /* their folder */
	const char *dir;      /* of the data set */
	const struct build_dump *dump;
	size_t dumps;
	long jobs, map_jobs, shards, seed;
	/* options for the stages, as on the command line */
	const char *ingest, *extract, *map, *dedup, *pair, *emit;
	bool is_kept;      /* keep the intermediate files */
	const char *rules; /* JSON: the SHA-256 sums of the rules and the model */
};

/* Appends a word in shell quotes. */
void build_put_word(struct buf *b, const char *s);

/* Appends the script to out. */
void build_script(const struct build_plan *p, struct buf *out);

#endif
