/* logistic_regression.h - logistic regression with a few inputs over many examples.
 *
 * Calibrates scores (Platt 1999) and joins them with the values of the rules.  By Newton's
 * method; the result is always the same to the last digit. */

#ifndef ALIGNX_STAGES_FIT_LOGISTIC_REGRESSION_H
#define ALIGNX_STAGES_FIT_LOGISTIC_REGRESSION_H

#include <stdbool.h>
#include <stddef.h>

enum { LOGISTIC_REGRESSION_INPUTS = 4 }; /* including the bias */

struct logistic_regression {
	double (*x)[LOGISTIC_REGRESSION_INPUTS]; /* x[i][0] is 1 */
	bool *is_positive;
	size_t len, capacity;
};

void logistic_regression_add(struct logistic_regression *o,
    const double x[LOGISTIC_REGRESSION_INPUTS], bool is_positive);

/* Sets the coefficients; that of an input that is always 0 is 0. */
void logistic_regression_fit(const struct logistic_regression *o,
    double out[LOGISTIC_REGRESSION_INPUTS]);
void logistic_regression_release(struct logistic_regression *o);

/* log(negatives / positives): added to log-odds, it makes the prior even. */
double logistic_regression_prior_shift(const struct logistic_regression *o);

#endif
