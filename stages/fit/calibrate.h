/* calibrate.h - scores and rules joined and calibrated on rows held out.
 *
 * Dimensions that are known from a few communities alone (a score that is good at
 * these may be good at nothing else) share their coefficients, which are found
 * where a community was held out and another one trained on. */

#ifndef ALIGNX_STAGES_FIT_CALIBRATE_H
#define ALIGNX_STAGES_FIT_CALIBRATE_H

#include "stages/fit/cross_validate.h"

enum { CALIBRATE_GROUPS_FEW = 8 };

/* What is known of a dimension for the report. */
struct calibrate_quality {
	size_t high, low, groups;
	double rules[2], model[2];	/* area under the curve by enum linear_output, on rows
					   held out; not a number: cannot be told */
	bool is_shared;
};

/* Fills the dimensions of a model, in order, and what is known of all 90. */
void calibrate(const struct cross_validation *s, struct linear_dimension out[DIMENSIONS],
    size_t *n, struct calibrate_quality quality[DIMENSIONS]);

#endif
