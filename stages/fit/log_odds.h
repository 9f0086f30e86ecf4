/* log_odds.h - log-odds from a few numbers, by logistic regression.
 *
 * What calibrates scores (Platt 1999) and joins them with what the rules say: a
 * handful of coefficients over many rows, by Newton's method, to the last digit
 * the same each time. */

#ifndef ALIGNX_STAGES_FIT_LOG_ODDS_H
#define ALIGNX_STAGES_FIT_LOG_ODDS_H

#include <stdbool.h>
#include <stddef.h>

enum { LOG_ODDS_INPUTS = 4 };		/* coefficients, the bias among them */

struct log_odds {
	double (*x)[LOG_ODDS_INPUTS];	/* x[i][0] is 1 */
	bool *is_yes;
	size_t len, room;
};

void log_odds_add(struct log_odds *o, const double x[LOG_ODDS_INPUTS], bool is_yes);

/* The coefficients of what was added; zero for an x that never differs from 0. */
void log_odds_fit(const struct log_odds *o, double out[LOG_ODDS_INPUTS]);
void log_odds_release(struct log_odds *o);

/* log(no / yes): what takes the share of yes out of the odds. */
double log_odds_prior(const struct log_odds *o);

#endif
