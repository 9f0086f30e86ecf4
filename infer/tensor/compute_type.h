/* compute_type.h - the arithmetic in which matrices are multiplied.
 *
 * Activations and weights are packed into dwords of one compute type: 1, 2 or 4 values
 * each.  Error of a product, relative to the root mean square of the results:
 *
 *	F32	5e-7	products and sums in single precision
 *	BF16	2e-3	both operands rounded to 8 bits of mantissa, sums in F32
 *	INT8	4e-3	activations rounded to 8 bits with one scale for 32 of them;
 *			weights of block types keep their own quants and scales
 *	AMX	2e-3	the values of BF16 in the order of TDPBF16PS (Intel, Architecture
 *			Instruction Set Extensions Programming Reference, chapter 3):
 *			of 32 products the even and the odd ones are summed apart, and
 *			subnormals are 0.  By far the fastest in tile registers, emulated
 *			to the same bits, but slower, elsewhere. */

#ifndef ALIGNX_INFER_TENSOR_COMPUTE_TYPE_H
#define ALIGNX_INFER_TENSOR_COMPUTE_TYPE_H

#include <stddef.h>

enum compute_type { COMPUTE_F32, COMPUTE_BF16, COMPUTE_INT8, COMPUTE_AMX, COMPUTE_TYPES };

/* What the user asks for; AUTO: what the storage type of each matrix suggests, F32 for
 * F32, BF16 for 16 bits, INT8 for block types. */
enum precision { PRECISION_AUTO, PRECISION_F32, PRECISION_BF16, PRECISION_INT8, PRECISION_AMX };

enum { INT8_GROUP = 32 }; /* activations that share a scale in INT8 */

static inline size_t
compute_type_per_dword(enum compute_type c)
{
	return c == COMPUTE_F32 ? 1 : c == COMPUTE_INT8 ? 4 : 2;
}

#endif
