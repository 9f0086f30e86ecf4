/* job.h - rows and the models that score them.
 *
 * All rows are read before the first is scored, so that they can be scored in any order;
 * results are written in the order of the input, each as soon as those before it are there. */

#ifndef ALIGNX_STAGES_SCORE_JOB_H
#define ALIGNX_STAGES_SCORE_JOB_H

#include "lib/cli/tool.h"
#include "stages/score/options.h"
#include "stages/score/resume.h"
#include "stages/score/trie_walk.h"

struct score_job {
	const struct score_options *options;
	struct loaded_model model[SCORE_SIDES]; /* [1] only if it is another model */
	struct encode_settings settings[SCORE_SIDES];
	struct row_encoder encoder;
	struct score_rows rows;
	struct resume resume;
	struct results results;
	struct thread_pool *pool;
	struct session *session;
	struct stage_ctx *ctx;                   /* while it runs */
	size_t out;                              /* rows written */
	uint64_t truncated;                      /* rows */
	uint64_t conditioned;                    /* prompts without tokens */
	uint64_t long_texts;                     /* with the long factors of LongRoPE */
	uint64_t total_tokens, evaluated_tokens; /* of all texts; evaluated */
};

/* Opens the models that the options name. -2. */
int score_job_open(struct score_job *j, const struct score_options *o, struct arena *life,
    struct fault *f);

/* Options of a side's session. */
struct session_options score_job_session_options(const struct score_job *j, enum score_side side);

/* Opens a side's session in place of the one before. -2. */
int score_job_open_session(struct score_job *j, enum score_side side, struct fault *f);

/* Prepares to read rows: tokenizers, memory, and the scores of an earlier run. -2. */
int score_job_open_tokenizers(struct score_job *j, struct arena *life, struct fault *f);

/* Adds a row. -1: it is too long, or has no prompt. */
int score_job_add(struct score_job *j, const struct record *r, uint64_t number, struct arena *life,
    struct fault *f);

/* Scores all rows and writes them, unless a summary is wanted. -2. */
int score_job_run(struct score_job *j, struct stage_ctx *t, struct fault *f);

void score_job_close(struct score_job *j);

#endif
