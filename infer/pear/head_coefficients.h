/* coefficients.h - what heads' outputs are multiplied by (PEAR).
 *
 * A list of heads (infer/pear/head_list.h) with a coefficient each.  Heads that are not in
 * it keep 1. */

#ifndef ALIGNX_INFER_COEFFICIENTS_H
#define ALIGNX_INFER_COEFFICIENTS_H

#include "infer/pear/head_list.h"
#include "infer/model/model.h"

/* layers x heads, in the arena; NULL with "FILE: what is wrong": what heads_read()
 * refuses, an entry without a coefficient, a file made for another model. */
const float *coefficients_read(const char *file, const struct model *m,
    struct arena *a, struct fault *f);

/* Refuses a list that names another model than this one; the weights are read
 * only if it names one. */
int coefficients_check(const struct head_list *l, const char *file,
    const struct model *m, struct fault *f);

#endif
