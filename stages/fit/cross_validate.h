/* cross_validate.h - trains the two classifiers of each dimension, on all examples and, by
 * k-fold cross-validation, for the scores of held-out examples. */

#ifndef ALIGNX_STAGES_FIT_CROSS_VALIDATE_H
#define ALIGNX_STAGES_FIT_CROSS_VALIDATE_H

#include "lib/core/thread_pool.h"
#include "stages/fit/train.h"
#include "annotate/linear_model.h"

struct cross_validate_options {
	double cost[2];   /* liblinear's C, by enum linear_output */
	double negatives; /* for each positive example, at most */
	int folds;
	size_t min_examples; /* of either class, for a classifier */
	uint64_t seed;
};

struct cross_validation {
	const struct examples *examples;
	size_t features;
	struct classifier final[DIMENSIONS][2]; /* trained on all examples */
	float *held_out[DIMENSIONS][2];         /* score of each example by a classifier that was
					   trained without its fold; NAN: there is none */
};

/* Trains on all threads of the pool; the result does not depend on their number. */
void cross_validate(struct cross_validation *v, const struct examples *x, size_t features,
    const struct cross_validate_options *o, struct thread_pool *pool);
void cross_validate_release(struct cross_validation *v);

/* The class of an example for a classifier: 1 or 0; -1: it has none. */
int cross_validate_class(const struct example *example, int dimension, enum linear_output output);

#endif
