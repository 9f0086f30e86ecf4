/* matmul.h - activations times the transpose of a stored matrix.
 *
 * out[r][n] = sum over k of x[r][k] w[n][k].  x (rows x K) and out (rows x N) are row-major
 * floats; w (N x K) is in the file's own type.  Weights are unpacked panel by panel while
 * they are used, to dwords of a compute type (infer/tensor/compute_type.h, with the error of
 * each).  Each element is summed by one thread in the order of k, so that it depends neither
 * on the number of threads nor on the rest of the batch. */

#ifndef ALIGNX_INFER_MATMUL_MATMUL_H
#define ALIGNX_INFER_MATMUL_MATMUL_H

#include "infer/tensor/cpu_isa.h"
#include "infer/tensor/weight.h"
#include "lib/core/thread_pool.h"

struct product;

/* The compute type for a matrix of type t. */
enum compute_type matmul_compute_type(enum precision precision, const struct tensor_type *t);

/* Scratch memory for products of up to `rows` rows and `columns` inputs. */
struct product *product_new(struct pool *pool, enum level isa, enum precision precision,
    size_t rows, size_t columns);
void product_free(struct product *p);

/* The most bytes that product_new() and what follows take. */
size_t product_bytes(size_t threads, size_t rows, size_t columns);

/* Sets x, rows x columns, for the products that follow; it is read until the last. */
void product_set(struct product *p, const float *x, size_t rows, size_t columns);

/* The same where rows of x are `stride` floats apart. */
void product_set_strided(struct product *p, const float *x, size_t rows,
    size_t columns, size_t stride);

/* A matrix, and its result: w->rows floats for each row of x, `stride` floats apart. */
struct product_matrix {
	const struct weight *w;
	float *out;
	size_t stride;
};

enum { MATMUL_OPS_MAX = 3 };

/* Multiplies x by one matrix, or by up to MATMUL_OPS_MAX in one go. */
void product_run(struct product *p, const struct weight *w, float *out,
    size_t stride);
void product_run_all(struct product *p, const struct product_matrix *m, size_t n);

/* x = epilogue(gate, x), element by element of n. */
typedef void matmul_epilogue_fn(const void *with, const float *gate, float *x, size_t n);

/* Two matrices of one size and type, and the epilogue that joins their products, as in a
 * transformer's gated MLP (Shazeer 2020, GLU Variants Improve Transformer). */
struct product_join {
	struct product_matrix up;
	const struct weight *gate;
	matmul_epilogue_fn *join;
	const void *with;
};

/* Multiplies by both and joins each piece of the products while it is in the cache.  The
 * result is the x of what follows; up.out must have room for it, but may stay unwritten. */
void product_run_joined(struct product *p, const struct product_join *join);

#endif
