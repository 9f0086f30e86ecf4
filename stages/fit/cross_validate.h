/* cross_validate.h - trains a classifier for each pole, on all examples and, by k-fold
 * cross-validation, for the scores of held-out examples. */

#ifndef ALIGNX_STAGES_FIT_CROSS_VALIDATE_H
#define ALIGNX_STAGES_FIT_CROSS_VALIDATE_H

#include "lib/core/thread_pool.h"
#include "stages/fit/train.h"
#include "annotate/linear_model.h"

struct cross_validate_options {
	double cost; /* liblinear's C */
	int folds;
	size_t min_positives; /* examples of a pole, for a classifier */
};

/* A pole with enough examples. */
struct pole_scores {
	int dimension, pole;
	size_t positives;
	struct classifier final; /* trained on all examples */
	float *held_out;         /* score of each example by a classifier that was trained without
				its fold */
};

struct cross_validation {
	const struct examples *examples;
	const struct train_set *set;
	struct pole_scores pole[LINEAR_OUTPUTS];
	size_t poles;
};

/* Trains on all threads of the pool; the result does not depend on their number. */
void cross_validate(struct cross_validation *v, const struct examples *x,
    const struct train_set *set, const struct cross_validate_options *o, struct thread_pool *pool);
void cross_validate_release(struct cross_validation *v);

#endif
