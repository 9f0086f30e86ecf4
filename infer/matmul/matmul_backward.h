/* product_back.h - the way back through a product: gradients times a stored matrix.
 *
 * out[r][k] = sum over n of y[r][n] w[n][k], where product.h has out[r][n] = sum
 * over k of x[r][k] w[n][k].  The matrix is unpacked block by block while it is
 * used, and never transposed in memory.  Each element is summed by one thread in
 * the order of n, whatever the number of threads.  Single precision. */

#ifndef ALIGNX_INFER_PRODUCT_BACK_H
#define ALIGNX_INFER_PRODUCT_BACK_H

#include "infer/matmul/matmul.h"

struct product_back;

/* Scratch memory for up to `rows` rows of gradients, each of up to `outputs`. */
struct product_back *product_back_new(struct pool *pool, enum level level,
    size_t rows, size_t outputs);
void product_back_free(struct product_back *p);

/* Makes y, rows x w->rows, ready and multiplies: out, rows x w->columns, is set,
 * or added to where is_sum. */
void product_back_run(struct product_back *p, const struct weight *w,
    const float *y, size_t rows, float *out, bool is_sum);

#endif
