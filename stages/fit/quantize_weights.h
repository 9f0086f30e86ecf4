/* quantize_weights.h - makes weights small: single bytes, and only those that matter most. */

#ifndef ALIGNX_STAGES_FIT_QUANTIZE_WEIGHTS_H
#define ALIGNX_STAGES_FIT_QUANTIZE_WEIGHTS_H

#include "stages/fit/cross_validate.h"

/* Sets the n-grams and weights of a model whose dimensions are set.  The weights that change
 * the log-odds least are dropped until n-grams and weights take at most `size` bytes. */
void quantize_weights(struct linear_model *m, const struct cross_validation *v,
    const struct train_features *f, size_t size, struct arena *a);

#endif
