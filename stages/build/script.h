/* build_script.h - the whole build as a shell script a person can read.
 *
 * A map over the dumps, a reduce over post-shards, a reduce over user-shards,
 * then validation and the manifest; GNU Parallel runs the jobs.  Each job
 * writes under a temporary name and renames at its end, so a job whose result
 * is there is done, and the script can be run again after a kill. */

#ifndef ALIGNX_STAGES_BUILD_SCRIPT_H
#define ALIGNX_STAGES_BUILD_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/buf.h"

struct build_dump {
	const char *source;	/* of alignx-ingest --source */
	const char *path;
};

struct build_plan {
	const char *programs;	/* the folder they live in */
	const char *dir;	/* where the data set goes */
	const struct build_dump *dump;
	size_t dumps;
	long jobs, map_jobs, shards, seed;
	/* options handed on to the stages, as written on the command line */
	const char *ingest, *extract, *map, *dedup, *pair, *emit;
	bool is_kept;		/* leave the intermediate files */
};

void build_script(const struct build_plan *p, struct buf *out);

#endif
