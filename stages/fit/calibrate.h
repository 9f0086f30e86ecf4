/* calibrate.h - joins scores with the values of the rules, calibrated on held-out examples.
 *
 * Dimensions with examples from only a few communities share their coefficients: what tells a
 * few communities apart may tell nothing else apart.  The shared coefficients are fitted where
 * one community was held out and another one trained on. */

#ifndef ALIGNX_STAGES_FIT_CALIBRATE_H
#define ALIGNX_STAGES_FIT_CALIBRATE_H

#include "stages/fit/cross_validate.h"

enum { CALIBRATE_GROUPS_FEW = 8 };

/* A dimension in the report. */
struct calibrate_quality {
	size_t high, low, groups;
	double rules[2], model[2]; /* AUC on held-out examples, by enum linear_output; NAN:
					   there are not both classes */
	bool is_shared;
};

/* Sets the n dimensions of a model, in order, and the quality of all 90. */
void calibrate(const struct cross_validation *v, struct linear_dimension out[DIMENSIONS], size_t *n,
    struct calibrate_quality quality[DIMENSIONS]);

#endif
