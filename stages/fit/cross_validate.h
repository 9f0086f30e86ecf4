/* fit_scores.h - the two scores of each dimension, and what they give for rows
 * that they were not trained on. */

#ifndef ALIGNX_STAGES_FIT_SCORES_H
#define ALIGNX_STAGES_FIT_SCORES_H

#include "lib/core/thread_pool.h"
#include "stages/fit/train.h"
#include "annotate/linear_model.h"

struct fit_options {
	double cost[2];			/* liblinear's C, by enum map_score */
	double neutrals;		/* rows about nothing, at most, for each about it */
	int folds;
	size_t least;			/* rows that a score takes, of either side */
	uint64_t seed;
};

struct fit_scores {
	const struct fit_rows *rows;
	size_t columns;
	struct fit_score final[DIMENSIONS][2];	/* trained on all rows */
	float *held[DIMENSIONS][2];	/* for each row, by a score trained without
					   its fold; not a number: there was none */
};

/* Trains on all threads of the pool; the result does not depend on their number. */
void fit_scores_train(struct fit_scores *s, const struct fit_rows *rows,
    size_t columns, const struct fit_options *o, struct pool *pool);
void fit_scores_release(struct fit_scores *s);

/* Has this row a part in the score, and which: 1 yes, 0 no, -1 none. */
int fit_scores_side(const struct fit_row *row, int dimension, enum map_score which);

#endif
