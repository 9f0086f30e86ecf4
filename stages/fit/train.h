/* train_classifier.h - linear scores from labelled rows, by liblinear.
 *
 * Logistic regression with an L2 penalty (Fan and others 2008).  Before it, every
 * n-gram is multiplied by how unevenly it falls on the two sides, the log-ratio of
 * naive Bayes (Wang and Manning 2012); the factor is part of the weight that comes
 * out. */

#ifndef ALIGNX_STAGES_FIT_TRAIN_H
#define ALIGNX_STAGES_FIT_TRAIN_H

#include "stages/fit/examples.h"

/* Which n-grams are columns: those of enough rows.  Their ids, rising. */
struct train_features {
	uint32_t *id;
	size_t len;
};

struct classifier {
	float *weight;			/* one for each column; NULL: there is no score */
	double bias;
};

/* Finds the columns, and changes the ids of rows to numbers of columns. */
void train_select_features(struct train_features *c, struct examples *rows, size_t least);

/* Trains on n rows, yes or no.  cost: liblinear's C. */
void train_classifier(struct classifier *score, size_t columns,
    const struct example *const *row, const bool *is_yes, size_t n, double cost);

double classifier_score(const struct classifier *score, const struct example *row);

#endif
