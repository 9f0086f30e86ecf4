/* matmul_backward.h - the backward pass of a product: gradients times a stored matrix.
 *
 * out[r][k] = sum over n of y[r][n] w[n][k], where matmul.h has out[r][n] = sum over k of
 * x[r][k] w[n][k].  Weights are unpacked block by block while they are used, and never
 * transposed.  Each element is summed by one thread in the order of n, whatever the number of
 * threads.  Single precision. */

#ifndef ALIGNX_INFER_MATMUL_MATMUL_BACKWARD_H
#define ALIGNX_INFER_MATMUL_MATMUL_BACKWARD_H

#include "infer/matmul/matmul.h"

struct matmul_backward;

/* Scratch memory for up to `rows` rows of gradients, each of up to `outputs`. */
struct matmul_backward *matmul_backward_new(struct thread_pool *pool, enum cpu_isa isa, size_t rows,
    size_t outputs);
void matmul_backward_free(struct matmul_backward *p);

/* Multiplies y, rows x w->rows, by w: out, rows x w->columns, is set, or added to if is_sum. */
void matmul_backward_run(struct matmul_backward *p, const struct weight *w, const float *y,
    size_t rows, float *out, bool is_sum);

#endif
