/* weight.h - a matrix as it stands in a model's file. */

#ifndef ALIGNX_INFER_WEIGHT_H
#define ALIGNX_INFER_WEIGHT_H

#include "infer/tensor/dtype.h"

struct weight {
	const struct tensor_type *type;
	size_t rows;			/* N, outputs */
	size_t columns;			/* K, inputs, rows of K contiguous */
	const void *data;		/* NULL: there is no such matrix */
};

/* Where number `column` of a row stands; it must begin a block. */
static inline const unsigned char *
weight_at(const struct weight *w, size_t row, size_t column)
{
	return (const unsigned char *)w->data + (row * (w->columns / w->type->numbers)
	    + column / w->type->numbers) * w->type->bytes;
}

/* One row of the matrix as floats (an embedding). */
static inline void
weight_row(const struct weight *w, size_t row, float *out)
{
	w->type->decode(weight_at(w, row, 0), w->columns / w->type->numbers, out);
}

#endif
