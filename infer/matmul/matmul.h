/* product.h - activations times the transpose of a stored matrix.
 *
 * out[r][n] = sum over k of x[r][k] w[n][k]: x and out are row-major f32, w is in
 * the file's own type, rows of K contiguous.  The matrix is unpacked panel by
 * panel while it is used, into dwords of a format (infer/tensor/compute_type.h, with what
 * each loses).  Each element is summed by one thread in the order of k, so that
 * it depends neither on the number of threads nor on what other rows are in the
 * batch. */

#ifndef ALIGNX_INFER_PRODUCT_H
#define ALIGNX_INFER_PRODUCT_H

#include "infer/tensor/cpu_isa.h"
#include "lib/core/thread_pool.h"
#include "infer/tensor/weight.h"

struct product;

/* The format in which a matrix of a type is multiplied. */
enum format product_format(enum precision precision, const struct tensor_type *t);

/* Scratch memory for products of up to `rows` rows and `columns` inputs. */
struct product *product_new(struct pool *pool, enum level level,
    enum precision precision, size_t rows, size_t columns);
void product_free(struct product *p);

/* Bytes of it, at most, with so many threads. */
size_t product_bytes(size_t threads, size_t rows, size_t columns);

/* Names x for one or several products; it must stay as it is until the last. */
void product_set(struct product *p, const float *x, size_t rows, size_t columns);

/* The same where rows of x are `stride` floats apart. */
void product_set_strided(struct product *p, const float *x, size_t rows,
    size_t columns, size_t stride);

/* A matrix, and where its product goes: a row of w->rows floats for each row of x, `stride`
 * floats apart. */
struct product_matrix {
	const struct weight *w;
	float *out;
	size_t stride;
};

enum { PRODUCT_MATRICES = 3 };

/* Up to PRODUCT_MATRICES products in one go, or one. */
void product_run_all(struct product *p, const struct product_matrix *m, size_t n);
void product_run(struct product *p, const struct weight *w, float *out,
    size_t stride);

/* x = join(gate, x), number by number of n. */
typedef void product_join_fn(const void *with, const float *gate, float *x, size_t n);

/* Two matrices of one size and type, of which the products are joined. */
struct product_join {
	struct product_matrix up;
	const struct weight *gate;
	product_join_fn *join;
	const void *with;
};

/* Joins both products, each part of them while it is near.  The result takes the place of x
 * for what comes next; up.out, which is room for it, may be left as it was. */
void product_run_joined(struct product *p, const struct product_join *join);

#endif
