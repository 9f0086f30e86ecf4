/* type_block.h - what infer/tensor/dtype.c and infer/tensor/dtype_quants.c share: numbers inside
 * blocks, and the readers of codes. */

#ifndef ALIGNX_INFER_TYPE_BLOCK_H
#define ALIGNX_INFER_TYPE_BLOCK_H

#include <string.h>

#include "infer/tensor/dtype.h"

static inline uint16_t
u16(const unsigned char *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t
u32(const unsigned char *p)
{
	return (uint32_t)u16(p) | (uint32_t)u16(p + 2) << 16;
}

static inline __attribute__((always_inline)) float
bfloat_value(uint16_t bits)
{
	const uint32_t x = (uint32_t)bits << 16;
	float f;

	memcpy(&f, &x, sizeof(f));
	return f;
}

/* Without branches: the exponent is moved by a product, which is exact and makes
 * normal numbers of subnormal ones. */
static inline __attribute__((always_inline)) float
half_value(uint16_t bits)
{
	const uint32_t size = (uint32_t)(bits & 0x7fff) << 13;
	const uint32_t all = (bits & 0x7c00) == 0x7c00 ? size | 0x7f800000u : 0;
	float f, scale = 0x1p112f;
	uint32_t x;

	memcpy(&f, &size, sizeof(f));
	f *= scale;
	memcpy(&x, &f, sizeof(x));
	x = (all != 0 ? all : x) | (uint32_t)(bits & 0x8000) << 16;
	memcpy(&f, &x, sizeof(f));
	return f;
}

static inline __attribute__((always_inline)) float
half_at(const unsigned char *p)
{
	return half_value(u16(p));
}

/* Six bits of scale and of minimum for each of 8 parts, packed in 12 bytes: four at
 * a time, the upper two bits of the last four where the first four have none. */
static inline void
scales_and_mins(const unsigned char *b, uint8_t scale[8], uint8_t min[8])
{
	const uint32_t first = u32(b), second = u32(b + 4), last = u32(b + 8);
	const uint32_t out[4] = { first & 0x3f3f3f3f,
		(last & 0x0f0f0f0f) | (first >> 6 & 0x03030303) << 4,
		second & 0x3f3f3f3f,
		(last >> 4 & 0x0f0f0f0f) | (second >> 6 & 0x03030303) << 4 };

	for (int i = 0; i < 8; i++) {
		scale[i] = (uint8_t)(out[i / 4] >> i % 4 * 8);
		min[i] = (uint8_t)(out[2 + i / 4] >> i % 4 * 8);
	}
}

typedef void codes_fn(const void *from, size_t blocks, int8_t *restrict code,
    float *restrict scale, float *restrict min);

codes_fn codes_q4_0, codes_q4_1, codes_q5_0, codes_q5_1, codes_q8_0, codes_q4_k,
    codes_q5_k, codes_q6_k;

#endif
