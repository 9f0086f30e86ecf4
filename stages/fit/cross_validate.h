/* cross_validation.h - the two scores of each dimension, and what they give for rows
 * that they were not trained on. */

#ifndef ALIGNX_STAGES_FIT_CROSS_VALIDATE_H
#define ALIGNX_STAGES_FIT_CROSS_VALIDATE_H

#include "lib/core/thread_pool.h"
#include "stages/fit/train.h"
#include "annotate/linear_model.h"

struct cross_validate_options {
	double cost[2];			/* liblinear's C, by enum linear_output */
	double neutrals;		/* rows about nothing, at most, for each about it */
	int folds;
	size_t least;			/* rows that a score takes, of either side */
	uint64_t seed;
};

struct cross_validation {
	const struct examples *rows;
	size_t columns;
	struct classifier final[DIMENSIONS][2];	/* trained on all rows */
	float *held[DIMENSIONS][2];	/* for each row, by a score trained without
					   its fold; not a number: there was none */
};

/* Trains on all threads of the pool; the result does not depend on their number. */
void cross_validate(struct cross_validation *s, const struct examples *rows,
    size_t columns, const struct cross_validate_options *o, struct pool *pool);
void cross_validate_release(struct cross_validation *s);

/* Has this row a part in the score, and which: 1 yes, 0 no, -1 none. */
int cross_validate_label(const struct example *row, int dimension, enum linear_output which);

#endif
