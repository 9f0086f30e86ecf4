/* score_job.h - rows and the models that are asked about them.
 *
 * All rows are read before the first is scored, so that the order of work is free;
 * results go out in the order of the input, each as soon as those before it are
 * there. */

#ifndef ALIGNX_STAGES_SCORE_JOB_H
#define ALIGNX_STAGES_SCORE_JOB_H

#include "lib/cli/tool.h"
#include "stages/score/options.h"
#include "stages/score/resume.h"
#include "stages/score/trie_walk.h"

struct score_job {
	const struct score_options *options;
	struct loaded_model engine[SCORE_SIDES];	/* the second if it is another model */
	struct encode_settings ask[SCORE_SIDES];
	struct row_encoder encoder;
	struct score_rows rows;
	struct resume resume;
	struct results outcome;
	struct pool *pool;
	struct session *session;
	struct turn *turn;		/* while it runs */
	size_t out;			/* rows that were written */
	uint64_t given, taken;		/* tokens of all texts; through the models */
};

/* Opens the models that the options name.  -2. */
int score_job_open(struct score_job *j, const struct score_options *o,
    struct arena *life, struct fault *f);

/* What a session of a side is opened with. */
struct session_options score_job_session_options(const struct score_job *j,
    enum score_side side);

/* Opens the session of a side, instead of the one before. */
int score_job_open_session(struct score_job *j, enum score_side side, struct fault *f);

/* Makes ready to read rows: tokenizers, and what an earlier run has left. */
int score_job_open_tokenizers(struct score_job *j, struct arena *life, struct fault *f);

/* Puts a row with the others, its number set.  -1: it cannot be asked. */
int score_job_add(struct score_job *j, const struct record *r, uint64_t number,
    struct arena *life, struct fault *f);

/* Scores all rows, and writes them unless a summary alone is wanted. */
int score_job_run(struct score_job *j, struct turn *t, struct fault *f);

void score_job_close(struct score_job *j);

#endif
