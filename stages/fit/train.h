/* train.h - linear classifiers of n-grams, by liblinear.
 *
 * Logistic regression with an L2 penalty (Fan and others 2008).  Each n-gram is multiplied
 * first by the absolute value of its naive Bayes log-count ratio (Wang and Manning 2012),
 * which becomes part of its weight. */

#ifndef ALIGNX_STAGES_FIT_TRAIN_H
#define ALIGNX_STAGES_FIT_TRAIN_H

#include "stages/fit/examples.h"

/* The n-grams that are features: those in enough examples. */
struct train_features {
	uint32_t *id; /* ascending */
	size_t len;
};

struct classifier {
	float *weight; /* of each feature; NULL: there is no classifier */
	double bias;
};

/* Selects the n-grams of at least min_examples examples, and changes the ids of the examples
 * to numbers of features. */
void train_select_features(struct train_features *f, struct examples *x, size_t min_examples);

/* Trains on n examples.  cost: liblinear's C. */
void train_classifier(struct classifier *c, size_t features, const struct example *const *example,
    const bool *is_positive, size_t n, double cost);

double classifier_score(const struct classifier *c, const struct example *example);

#endif
