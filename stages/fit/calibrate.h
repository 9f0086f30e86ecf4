/* calibrate.h - probabilities of scores, and how right claims are, on held-out examples.
 *
 * Only examples that were read for all dimensions count, if there are any: of others it is not
 * known what is wrong. */

#ifndef ALIGNX_STAGES_FIT_CALIBRATE_H
#define ALIGNX_STAGES_FIT_CALIBRATE_H

#include "stages/fit/cross_validate.h"

enum { CURVE_POINTS = 6, CALIBRATE_TENTHS = 10 };

/* Shares of labels that were found, and for each how right the claims are. */
struct calibrate_point {
	double found, right, contradicted, probability;
};

struct calibrate_quality {
	size_t examples, labels;
	struct calibrate_point
	    curve[CURVE_POINTS];         /* found 0.10, 0.15 ... 0.35; NAN: not reached */
	size_t claims[CALIBRATE_TENTHS]; /* by probability */
	double right[CALIBRATE_TENTHS];
	double auc[LINEAR_OUTPUTS]; /* of each pole of the cross-validation */
};

/* Sets slope, intercept and thresholds of a model, and the quality. */
void calibrate(const struct cross_validation *v, struct linear_model *m,
    struct calibrate_quality *quality);

#endif
