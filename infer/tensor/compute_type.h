/* format.h - how numbers are multiplied: one dword holds 1, 2 or 4 of them.
 *
 * Both sides of a product are unpacked to dwords of one format.  What is lost
 * is relative to the root mean square of the results: F32 about 5e-7, BF16
 * about 2e-3 (both sides rounded to 8 bits of mantissa), INT8 about 4e-3
 * (activations rounded to 8 bits with a scale for each 32; weights of block
 * types are exact).  AMX: the numbers of BF16, summed as the tile registers of some
 * processors do, which are by far the fastest there, and slower elsewhere: of each 32
 * products the odd ones and the even ones by themselves, numbers too small for a
 * normal float being 0. */

#ifndef ALIGNX_INFER_FORMAT_H
#define ALIGNX_INFER_FORMAT_H

#include <stddef.h>

enum format { FORMAT_F32, FORMAT_BF16, FORMAT_INT8, FORMAT_AMX, FORMATS };

/* What the user asks for; auto: what the type of each matrix suggests, F32 for
 * F32, BF16 for the types of 16 bits, INT8 for those of blocks. */
enum precision { PRECISION_AUTO, PRECISION_F32, PRECISION_BF16, PRECISION_INT8,
	PRECISION_AMX };

enum { FORMAT_PART = 32 };		/* activations that share a scale in INT8 */

static inline size_t
format_numbers(enum format f)		/* in a dword */
{
	return f == FORMAT_F32 ? 1 : f == FORMAT_INT8 ? 4 : 2;
}

#endif
