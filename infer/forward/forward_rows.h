/* forward_rows.h - what embedding, attention and MLP do with the rows of a batch. */

#ifndef ALIGNX_INFER_FORWARD_FORWARD_ROWS_H
#define ALIGNX_INFER_FORWARD_FORWARD_ROWS_H

#include "infer/forward/forward_internal.h"

/* Calls fn for each row, in parallel. */
typedef void forward_row_fn(struct forward *f, size_t row);
void forward_each_row(struct forward *f, forward_row_fn *fn);

/* forward_matmul(): the input of matmul_set_input() times w, rows `stride` apart.
 * forward_bias_scale(): adds w's bias to a row of that and scales it. */
void forward_matmul(struct forward *f, const struct linear *w, float *out, size_t stride);
void forward_bias_scale(const struct forward *f, const struct linear *w, bool is_mlp, float *row);

void forward_norm(const struct forward *f, const struct norm_weights *w, const float *x, float *y,
    size_t rows, size_t width);

#endif
