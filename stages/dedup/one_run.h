/* one_run.h - drops duplicates in one run: texts are kept, beyond memory on disk, until all are
 * known. */

#ifndef ALIGNX_STAGES_DEDUP_ONE_RUN_H
#define ALIGNX_STAGES_DEDUP_ONE_RUN_H

#include "lib/cli/tool.h"
#include "lib/io/spool.h"
#include "lib/text/minhash.h"
#include "stages/dedup/union_find.h"

struct one_run {
	/* set by the caller */
	struct spill_array_limit limit;
	const struct minhash *sketch; /* NULL: exact duplicates only */
	double min_jaccard;
	size_t threads;
	const char *survivors; /* file; NULL: none */

	struct spool *spool; /* of the messages */
	struct spill_array spilled;
	struct dedup_record *records;
	size_t len;
};

int one_run_begin(struct one_run *x, struct fault *f); /* -2 */

/* Takes the current message, with its record; -2. */
int one_run_add(struct one_run *x, struct stage_ctx *t, struct dedup_record record,
    struct fault *f);

/* Writes the messages that are no duplicates; -2. */
int one_run_end(struct one_run *x, struct stage_ctx *t, struct fault *f);
void one_run_release(struct one_run *x);

#endif
