/* quantize_weights.h - makes a model of single bytes out of trained weights. */

#ifndef ALIGNX_STAGES_FIT_QUANTIZE_WEIGHTS_H
#define ALIGNX_STAGES_FIT_QUANTIZE_WEIGHTS_H

#include "stages/fit/cross_validate.h"

/* Sets the outputs, features and weights of the model, into the arena; drops the smallest
 * weights until they fit into size bytes. */
void quantize_weights(struct linear_model *m, const struct cross_validation *v, size_t size,
    struct arena *a);

#endif
