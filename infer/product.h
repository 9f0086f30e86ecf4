/* product.h - activations times the transpose of a stored matrix.
 *
 * out[r][n] = sum over k of x[r][k] w[n][k]: x and out are row-major f32, w is in
 * the file's own type, rows of K contiguous.  The matrix is unpacked panel by
 * panel while it is used.  Each element is summed by one thread in the order of
 * k, so that it depends neither on the number of threads nor on what other rows
 * are in the batch.  Relative RMS error about 5e-7. */

#ifndef ALIGNX_INFER_PRODUCT_H
#define ALIGNX_INFER_PRODUCT_H

#include "infer/level.h"
#include "infer/pool.h"
#include "infer/type.h"

struct weight {
	const struct tensor_type *type;
	size_t rows;			/* N, outputs */
	size_t columns;			/* K, inputs */
	const void *data;		/* NULL: there is no such matrix */
};

struct product;

/* Scratch memory for products of up to `rows` rows and `columns` inputs. */
struct product *product_new(struct pool *pool, enum level level, size_t rows,
    size_t columns);
void product_free(struct product *p);

/* Makes x ready for one or several products. */
void product_set(struct product *p, const float *x, size_t rows, size_t columns);

/* out has a row of w->rows floats for each row of x, `stride` floats apart. */
void product_run(struct product *p, const struct weight *w, float *out,
    size_t stride);

/* One row of the matrix as floats (an embedding). */
void weight_row(const struct weight *w, size_t row, float *out);

#endif
