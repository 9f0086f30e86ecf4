/* dtype.h - how the values of a tensor are stored in a model file: one table row a type.
 *
 * Values are stored in blocks; a row of a matrix is a whole number of blocks.  A new type
 * is a row of the table in dtype.c, a decoder and, if its blocks hold integers with
 * scales, a reader of these quants.  Block layouts are those of GGUF (ggml-common.h of
 * llama.cpp).  The decoders are the reference: plain C, exact to the last bit. */

#ifndef ALIGNX_INFER_TENSOR_DTYPE_H
#define ALIGNX_INFER_TENSOR_DTYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "infer/tensor/compute_type.h"

struct dtype {
	const char *name; /* as in GGUF: "Q4_K" */
	uint32_t gguf;    /* its number in GGUF */
	size_t block_elems, block_bytes;
	enum compute_type compute; /* what PRECISION_AUTO multiplies it in */
	bool is_plain;             /* rows are that compute type's dwords already */
	/* blocks whole blocks to blocks * block_elems floats */
	void (*decode)(const void *from, size_t blocks, float *to);

	/* NULL: not quantised.  Value i = scale[i / group] * quant[i] - min[i / group], min
	 * only if has_min: then quants are 0 to 31. */
	void (*quants)(const void *from, size_t blocks, int8_t *quant, float *scale, float *min);
	size_t group; /* 16 or 32 */
	bool has_min;
	bool is_q8_layout; /* a block is a half precision scale and its quants */
};

/* NULL if there is no such type. */
const struct dtype *dtype_of_gguf(uint32_t number);
const struct dtype *dtype_named(const char *name);

/* The types in the order of the table, NULL after the last. */
const struct dtype *dtype_at(size_t i);

/* IEEE half precision and bfloat16, as bits. */
float f16_to_f32(uint16_t bits);
float bf16_to_f32(uint16_t bits);

#endif
