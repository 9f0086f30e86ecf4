/* fit_pack.h - weights made small: single bytes, and only those that matter. */

#ifndef ALIGNX_STAGES_FIT_PACK_H
#define ALIGNX_STAGES_FIT_PACK_H

#include "stages/fit/cross_validate.h"

/* Sets the n-grams and weights of a model whose dimensions are there.  The least
 * weights, by what they add to the log-odds, go until its file has at most
 * `size` bytes. */
void fit_pack(struct map_model *m, const struct fit_scores *s,
    const struct fit_columns *c, size_t size, struct arena *a);

#endif
