/* quantize_weights.h - weights made small: single bytes, and only those that matter. */

#ifndef ALIGNX_STAGES_FIT_QUANTIZE_WEIGHTS_H
#define ALIGNX_STAGES_FIT_QUANTIZE_WEIGHTS_H

#include "stages/fit/cross_validate.h"

/* Sets the n-grams and weights of a model whose dimensions are there.  The least
 * weights, by what they add to the log-odds, go until its file has at most
 * `size` bytes. */
void quantize_weights(struct linear_model *m, const struct cross_validation *s,
    const struct train_features *c, size_t size, struct arena *a);

#endif
