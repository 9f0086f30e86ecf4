/* forward_rows.h - what every part of a forward pass does with the rows of its batch. */

#ifndef ALIGNX_INFER_FORWARD_FORWARD_ROWS_H
#define ALIGNX_INFER_FORWARD_FORWARD_ROWS_H

#include "infer/forward/forward_internal.h"

/* For what is done to each row by itself. */
typedef void forward_row_fn(struct forward *f, size_t row);
void forward_each_row(struct forward *f, forward_row_fn *fn);

/* Rows that product_set() was told of times a matrix; scale and bias of a row that
 * this gave. */
void forward_multiply(struct forward *f, const struct linear *w, float *out,
    size_t stride);
void forward_settle(const struct forward *f, const struct linear *w, bool is_mlp,
    float *row);

void forward_norm(const struct forward *f, const struct norm_weights *w,
    const float *x, float *y, size_t rows, size_t width);

#endif
