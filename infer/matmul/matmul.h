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

struct matmul;

/* The compute type for a matrix of type t. */
enum compute_type matmul_compute_type(enum precision precision, const struct dtype *t);

/* Scratch memory for products of up to `rows` rows and `columns` inputs. */
struct matmul *matmul_new(struct thread_pool *pool, enum cpu_isa isa, enum precision precision,
    size_t rows, size_t columns);
void matmul_free(struct matmul *p);

/* The most bytes that matmul_new() and what follows take. */
size_t matmul_bytes(size_t threads, size_t rows, size_t columns);

/* Sets x, rows x columns, for the products that follow; it is read until the last. */
void matmul_set_input(struct matmul *p, const float *x, size_t rows, size_t columns);

/* The same where rows of x are `stride` floats apart. */
void matmul_set_input_strided(struct matmul *p, const float *x, size_t rows, size_t columns,
    size_t stride);

/* A matrix, and its result: w->rows floats for each row of x, `stride` floats apart. */
struct matmul_op {
	const struct weight *w;
	float *out;
	size_t stride;
};

enum { MATMUL_OPS_MAX = 3 };

/* Multiplies x by one matrix, or by up to MATMUL_OPS_MAX in one go. */
void matmul_run(struct matmul *p, const struct weight *w, float *out, size_t stride);
void matmul_run_all(struct matmul *p, const struct matmul_op *m, size_t n);

/* x = epilogue(gate, x), element by element of n. */
typedef void matmul_epilogue_fn(const void *context, const float *gate, float *x, size_t n);

/* Two matrices of one size and type, and the epilogue that joins their products, as in a
 * transformer's gated MLP (Shazeer 2020, GLU Variants Improve Transformer). */
struct matmul_fused {
	struct matmul_op up;
	const struct weight *gate;
	matmul_epilogue_fn *epilogue;
	const void *context;
};

/* Multiplies by both and joins each piece of the products while it is in the cache.  The
 * result is the x of what follows; up.out must have room for it, but may stay unwritten. */
void matmul_run_fused(struct matmul *p, const struct matmul_fused *join);

#endif
