/* pack_round.h - floats rounded to bfloat16 and to bytes with a scale, for both
 * sides of a product. */

#ifndef ALIGNX_INFER_PACK_ROUND_H
#define ALIGNX_INFER_PACK_ROUND_H

#include <stddef.h>
#include <stdint.h>

/* To the nearest, ties to even; two numbers a dword, the first in the low half.  n
 * is rounded up to a whole dword with 0. */
void pack_round_bf16(const float *x, size_t n, uint32_t *dword);

/* n numbers to signed bytes, filled up to whole parts of 32 with 0: x = scale *
 * byte, scale the 127th part of the largest of a part.  sum: of both halves of each
 * part's bytes. */
void pack_round_int8(const float *x, size_t n, int8_t *byte, float *scale,
    int32_t *sum);

#endif
