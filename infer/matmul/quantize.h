/* pack_round.h - floats rounded to bfloat16 and to bytes with a scale, for both
 * sides of a product. */

#ifndef ALIGNX_INFER_PACK_ROUND_H
#define ALIGNX_INFER_PACK_ROUND_H

#include "infer/matmul/kernel.h"

/* To the nearest, ties to even; two numbers a dword, the first in the low half.  n
 * is rounded up to a whole dword with 0. */
void pack_round_bf16(const float *x, size_t n, uint32_t *dword);

/* To the nearest such number, which stays a float; in place. */
void pack_nearest_bf16(float *x, size_t n);

/* The same numbers as floats, the second of each two first. */
void pack_widen_bf16(const uint32_t *dword, size_t dwords, uint32_t *restrict to);

/* For every processor; it may be given to pack_round_int8. */
product_round_fn pack_round_parts;

/* n numbers, filled up to whole parts with 0. */
void pack_round_int8(product_round_fn *round, const float *x, size_t n, int8_t *byte,
    float *scale, int32_t *sum);

#endif
