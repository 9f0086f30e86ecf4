/* dtype_block.h - fields inside blocks, for dtype.c and dtype_quants.c alone, and the
 * readers of quants that the table names. */

#ifndef ALIGNX_INFER_TENSOR_DTYPE_BLOCK_H
#define ALIGNX_INFER_TENSOR_DTYPE_BLOCK_H

#include <string.h>

#include "infer/tensor/dtype.h"

static inline uint16_t
load_u16(const unsigned char *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t
load_u32(const unsigned char *p)
{
	return (uint32_t)load_u16(p) | (uint32_t)load_u16(p + 2) << 16;
}

static inline __attribute__((always_inline)) float
bf16_value(uint16_t bits)
{
	const uint32_t x = (uint32_t)bits << 16;
	float f;

	memcpy(&f, &x, sizeof(f));
	return f;
}

/* Without branches: multiplying by 2^112 moves the exponent, exactly, and turns subnormal
 * values into normal ones. */
static inline __attribute__((always_inline)) float
f16_value(uint16_t bits)
{
	const uint32_t size = (uint32_t)(bits & 0x7fff) << 13;
	const uint32_t infinite = (bits & 0x7c00) == 0x7c00 ? size | 0x7f800000u : 0;
	float f, scale = 0x1p112f;
	uint32_t x;

	memcpy(&f, &size, sizeof(f));
	f *= scale;
	memcpy(&x, &f, sizeof(x));
	x = (infinite != 0 ? infinite : x) | (uint32_t)(bits & 0x8000) << 16;
	memcpy(&f, &x, sizeof(f));
	return f;
}

static inline __attribute__((always_inline)) float
f16_at(const unsigned char *p)
{
	return f16_value(load_u16(p));
}

/* Q4_K and Q5_K: 6 bits of scale and of minimum for each of 8 groups, packed in 12 bytes,
 * four groups at a time; the upper 2 bits of the last four are in the unused bits of the
 * first four. */
static inline void
unpack_scales_k(const unsigned char *b, uint8_t scale[8], uint8_t min[8])
{
	const uint32_t first = load_u32(b), second = load_u32(b + 4), last = load_u32(b + 8);
	const uint32_t out[4] = { first & 0x3f3f3f3f,
		(last & 0x0f0f0f0f) | (first >> 6 & 0x03030303) << 4, second & 0x3f3f3f3f,
		(last >> 4 & 0x0f0f0f0f) | (second >> 6 & 0x03030303) << 4 };

	for (int i = 0; i < 8; i++) {
		scale[i] = (uint8_t)(out[i / 4] >> i % 4 * 8);
		min[i] = (uint8_t)(out[2 + i / 4] >> i % 4 * 8);
	}
}

typedef void quants_fn(const void *from, size_t blocks, int8_t *restrict quant,
    float *restrict scale, float *restrict min);

quants_fn quants_q4_0, quants_q4_1, quants_q5_0, quants_q5_1, quants_q8_0, quants_q4_k, quants_q5_k,
    quants_q6_k;

#endif
