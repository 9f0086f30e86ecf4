/* head_coefficients.h - reads the coefficient of each head from a JSON file.
 *
 * A list of heads (head_list.h) with a coefficient each; all other heads have 1. */

#ifndef ALIGNX_INFER_PEAR_HEAD_COEFFICIENTS_H
#define ALIGNX_INFER_PEAR_HEAD_COEFFICIENTS_H

#include "infer/pear/head_list.h"
#include "infer/model/model.h"

/* layers x heads, in the arena.  NULL: head_list_read() refuses the file, a coefficient is
 * missing, or the file was made for another model. */
const float *head_coefficients_read(const char *file, const struct model *m, struct arena *a,
    struct fault *f);

/* -2: the list was made for another model.  Hashes the weights if the list names a model. */
int head_coefficients_check(const struct head_list *l, const char *file, const struct model *m,
    struct fault *f);

#endif
