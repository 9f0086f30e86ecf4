/* weight.h - a matrix as a model file stores it: rows x columns, each row contiguous. */

#ifndef ALIGNX_INFER_TENSOR_WEIGHT_H
#define ALIGNX_INFER_TENSOR_WEIGHT_H

#include "infer/tensor/dtype.h"

struct weight {
	const struct dtype *type;
	size_t rows;      /* N, outputs */
	size_t columns;   /* K, inputs */
	const void *data; /* NULL: there is no such matrix */
};

/* The block that begins with value `column` of a row. */
static inline const unsigned char *
weight_at(const struct weight *w, size_t row, size_t column)
{
	return (const unsigned char *)w->data
	    + (row * (w->columns / w->type->block_elems) + column / w->type->block_elems)
	    * w->type->block_bytes;
}

/* One row of the matrix as floats (an embedding). */
static inline void
weight_row(const struct weight *w, size_t row, float *out)
{
	w->type->decode(weight_at(w, row, 0), w->columns / w->type->block_elems, out);
}

#endif
