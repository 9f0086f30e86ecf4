/* quantize.h - floats rounded to bfloat16, and to bytes with a scale for each group, for
 * activations and weights. */

#ifndef ALIGNX_INFER_MATMUL_QUANTIZE_H
#define ALIGNX_INFER_MATMUL_QUANTIZE_H

#include "infer/matmul/kernel.h"

/* To the nearest bfloat16, ties to even; two values a dword, the first in the low half.  n
 * is rounded up to a whole dword with 0. */
void quantize_bf16(const float *x, size_t n, uint32_t *dword);

/* To the nearest bfloat16, which stays a float; in place. */
void quantize_bf16_in_place(float *x, size_t n);

/* Two bfloat16 values a dword to floats, the second of each two first. */
void quantize_expand_bf16(const uint32_t *dword, size_t dwords, uint32_t *restrict to);

/* The matmul_quantize_fn for every processor. */
matmul_quantize_fn quantize_groups;

/* n floats, padded to whole groups with 0, by one of these functions. */
void quantize_int8(matmul_quantize_fn *quantize, const float *x, size_t n, int8_t *byte,
    float *scale, int32_t *sum);

#endif
