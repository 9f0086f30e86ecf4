/* log_odds.h - logistic regression with a few inputs over many examples.
 *
 * Calibrates scores (Platt 1999) and joins them with the values of the rules.  By Newton's
 * method; the result is always the same to the last digit. */

#ifndef ALIGNX_STAGES_FIT_LOG_ODDS_H
#define ALIGNX_STAGES_FIT_LOG_ODDS_H

#include <stdbool.h>
#include <stddef.h>

enum { LOG_ODDS_INPUTS = 4 }; /* including the bias */

struct log_odds {
	double (*x)[LOG_ODDS_INPUTS]; /* x[i][0] is 1 */
	bool *is_positive;
	size_t len, capacity;
};

void log_odds_add(struct log_odds *o, const double x[LOG_ODDS_INPUTS], bool is_positive);

/* Sets the coefficients; that of an input that is always 0 is 0. */
void log_odds_fit(const struct log_odds *o, double out[LOG_ODDS_INPUTS]);
void log_odds_release(struct log_odds *o);

/* log(negatives / positives): added to log-odds, it makes the prior even. */
double log_odds_prior_shift(const struct log_odds *o);

#endif
