/* coefficients.h - what heads' outputs are multiplied by (PEAR).
 *
 * A JSON file: {"heads": [{"layer": 0, "head": 3, "coefficient": 0.7}, ...]}, with
 * whatever else beside.  Heads that are not in it keep 1. */

#ifndef ALIGNX_INFER_COEFFICIENTS_H
#define ALIGNX_INFER_COEFFICIENTS_H

#include "infer/model.h"

/* layers x heads, in the arena; NULL with "FILE: what is wrong": a head that the
 * model does not have or that stands twice, a coefficient that is no finite
 * number. */
const float *coefficients_read(const char *file, const struct model *m,
    struct arena *a, struct fault *f);

#endif
