/* fit_odds.h - log-odds from a few numbers, by logistic regression.
 *
 * What calibrates scores (Platt 1999) and joins them with what the rules say: a
 * handful of coefficients over many rows, by Newton's method, to the last digit
 * the same each time. */

#ifndef ALIGNX_STAGES_FIT_ODDS_H
#define ALIGNX_STAGES_FIT_ODDS_H

#include <stdbool.h>
#include <stddef.h>

enum { FIT_ODDS_MAX = 4 };		/* coefficients, the bias among them */

struct fit_odds {
	double (*x)[FIT_ODDS_MAX];	/* x[i][0] is 1 */
	bool *is_yes;
	size_t len, room;
};

void fit_odds_add(struct fit_odds *o, const double x[FIT_ODDS_MAX], bool is_yes);

/* The coefficients of what was added; zero for an x that never differs from 0. */
void fit_odds_solve(const struct fit_odds *o, double out[FIT_ODDS_MAX]);
void fit_odds_release(struct fit_odds *o);

/* log(no / yes): what takes the share of yes out of the odds. */
double fit_odds_balance(const struct fit_odds *o);

#endif
