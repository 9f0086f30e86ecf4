/* train.h - linear classifiers, by liblinear: logistic regression with an L2 penalty (Fan and
 * others 2008). */

#ifndef ALIGNX_STAGES_FIT_TRAIN_H
#define ALIGNX_STAGES_FIT_TRAIN_H

#include <linear.h>

#include "stages/fit/examples.h"

/* The features that are in enough examples, and all examples in the form of liblinear. */
struct train_set {
	uint32_t *id; /* of features, ascending */
	size_t features;
	struct feature_node *
	    *node; /* of each example: numbers of features from 1, the bias, an end */
};

struct classifier {
	float *weight; /* of each feature; NULL: there is no classifier */
	double bias;
};

/* Takes the features of the examples, which they lose. */
void train_set_make(struct train_set *t, struct examples *x, size_t min_examples);
void train_set_release(struct train_set *t, size_t examples);

/* Trains on n examples given by their nodes.  cost: liblinear's C. */
void train_classifier(struct classifier *c, size_t features, struct feature_node **node,
    double *is_positive, size_t n, double cost);

double classifier_score(const struct classifier *c, const struct feature_node *node);

#endif
