/* pack_round.h - floats rounded to bfloat16 and to bytes with a scale, for both
 * sides of a product. */

#ifndef ALIGNX_INFER_PACK_ROUND_H
#define ALIGNX_INFER_PACK_ROUND_H

#include <stddef.h>
#include <stdint.h>

/* To the nearest, ties to even; two numbers a dword, the first in the low half.  n
 * is rounded up to a whole dword with 0. */
void pack_round_bf16(const float *x, size_t n, uint32_t *dword);

/* n numbers, at most 32, to signed bytes, filled up to 32 with 0: x = scale *
 * byte, scale the 127th part of the largest.  sums: of both halves of bytes. */
float pack_round_int8(const float *x, size_t n, int8_t *byte, int32_t sum[2]);

#endif
