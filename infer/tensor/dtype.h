/* type.h - how numbers of a tensor are stored: one row for each type.
 *
 * Numbers stand in blocks; a row of a matrix is a whole number of blocks.  A new
 * type is a row of the table in type.c, a decoder and, if it has whole-number
 * codes, a reader of these.  The decoders are the reference: plain C, exact to
 * the last bit of what the format means. */

#ifndef ALIGNX_INFER_TYPE_H
#define ALIGNX_INFER_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "infer/tensor/compute_type.h"

struct tensor_type {
	const char *name;		/* as people write it: "Q4_K" */
	uint32_t gguf;			/* its number in GGUF */
	size_t numbers, bytes;		/* of a block */
	enum format natural;		/* what is multiplied without much loss */
	bool is_plain;			/* rows are dwords of that format as they stand */
	/* blocks whole blocks to blocks * numbers floats */
	void (*decode)(const void *from, size_t blocks, float *to);

	/* NULL: there are no codes.  Number i = scale[i / part] * code[i]
	 * - min[i / part], min only if has_min: then codes are 0 to 31. */
	void (*codes)(const void *from, size_t blocks, int8_t *code, float *scale,
	    float *min);
	size_t part;			/* 16 or 32 */
	bool has_min;
	bool is_as_it_is;		/* a block is its scale, in half precision, and its codes */
};

/* NULL if there is no such type. */
const struct tensor_type *tensor_type_of_gguf(uint32_t number);
const struct tensor_type *tensor_type_named(const char *name);

/* The types in the order of the table, NULL behind the last. */
const struct tensor_type *tensor_type_at(size_t i);

/* IEEE half precision and bfloat16, as bits. */
float half_to_float(uint16_t bits);
float bfloat_to_float(uint16_t bits);

#endif
