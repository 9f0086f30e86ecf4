/* dtype_quants.c - readers of the integers that blocks hold, and of their scales. */

#include "config.h"

#include "infer/tensor/dtype_block.h"
#include "lib/core/target_clones.h"

/* Low nibbles are values 0 to 15, high ones 16 to 31; fifth: a fifth bit of each. */
static inline void
put_nibbles(const unsigned char *p, uint32_t fifth, int zero, int8_t *quant)
{
	for (int i = 0; i < 16; i++) {
		quant[i] = (int8_t)((p[i] & 15) + (int)(fifth >> i & 1) * 16 - zero);
		quant[i + 16] = (int8_t)((p[i] >> 4) + (int)(fifth >> (i + 16) & 1) * 16 - zero);
	}
}

TARGET_CLONES void
quants_q4_0(const void *from, size_t blocks, int8_t *restrict quant, float *restrict scale,
    float *restrict min)
{
	const unsigned char *p = from;

	(void)min;
	for (; blocks > 0; blocks--, p += 18, quant += 32) {
		put_nibbles(p + 2, 0, 8, quant);
		*scale++ = f16_at(p);
	}
}

TARGET_CLONES void
quants_q4_1(const void *from, size_t blocks, int8_t *restrict quant, float *restrict scale,
    float *restrict min)
{
	const unsigned char *p = from;

	for (; blocks > 0; blocks--, p += 20, quant += 32) {
		put_nibbles(p + 4, 0, 0, quant);
		*scale++ = f16_at(p);
		*min++ = -f16_at(p + 2);
	}
}

TARGET_CLONES void
quants_q5_0(const void *from, size_t blocks, int8_t *restrict quant, float *restrict scale,
    float *restrict min)
{
	const unsigned char *p = from;

	(void)min;
	for (; blocks > 0; blocks--, p += 22, quant += 32) {
		put_nibbles(p + 6, load_u32(p + 2), 16, quant);
		*scale++ = f16_at(p);
	}
}

TARGET_CLONES void
quants_q5_1(const void *from, size_t blocks, int8_t *restrict quant, float *restrict scale,
    float *restrict min)
{
	const unsigned char *p = from;

	for (; blocks > 0; blocks--, p += 24, quant += 32) {
		put_nibbles(p + 8, load_u32(p + 4), 0, quant);
		*scale++ = f16_at(p);
		*min++ = -f16_at(p + 2);
	}
}

TARGET_CLONES void
quants_q8_0(const void *from, size_t blocks, int8_t *restrict quant, float *restrict scale,
    float *restrict min)
{
	const unsigned char *p = from;

	(void)min;
	for (; blocks > 0; blocks--, p += 34, quant += 32) {
		memcpy(quant, p + 2, 32);
		*scale++ = f16_at(p);
	}
}

/* Q4_K and Q5_K: 256 values in 8 groups of 32. */
static inline void
put_scales(const unsigned char *p, float *restrict scale, float *restrict min)
{
	const float d = f16_at(p), dmin = f16_at(p + 2);
	uint8_t scales[8], mins[8];

	unpack_scales_k(p + 4, scales, mins);
	for (int j = 0; j < 8; j++) {
		scale[j] = d * (float)scales[j];
		min[j] = dmin * (float)mins[j];
	}
}

TARGET_CLONES void
quants_q4_k(const void *from, size_t blocks, int8_t *restrict quant, float *restrict scale,
    float *restrict min)
{
	const unsigned char *p = from;

	for (; blocks > 0; blocks--, p += 144, scale += 8, min += 8) {
		const unsigned char *nibbles = p + 16;

		for (int j = 0; j < 8; j += 2, nibbles += 32, quant += 64)
			for (int i = 0; i < 32; i++) {
				quant[i] = nibbles[i] & 15;
				quant[i + 32] = (int8_t)(nibbles[i] >> 4);
			}
		put_scales(p, scale, min);
	}
}

TARGET_CLONES void
quants_q5_k(const void *from, size_t blocks, int8_t *restrict quant, float *restrict scale,
    float *restrict min)
{
	const unsigned char *p = from;

	for (; blocks > 0; blocks--, p += 176, scale += 8, min += 8) {
		const unsigned char *fifth = p + 16, *nibbles = p + 48;

		for (int j = 0; j < 8; j += 2, nibbles += 32, quant += 64)
			for (int i = 0; i < 32; i++) {
				quant[i] = (int8_t)((nibbles[i] & 15) | (fifth[i] >> j & 1) << 4);
				quant[i + 32] = (int8_t)(nibbles[i] >> 4
				    | (fifth[i] >> (j + 1) & 1) << 4);
			}
		put_scales(p, scale, min);
	}
}

/* 128 values, 32 at a time: the low nibbles of 64 bytes, then the high ones; upper two bits
 * from 32 bytes. */
static inline void
put_q6_half(const unsigned char *low, const unsigned char *high, int8_t *quant)
{
	for (int i = 0; i < 32; i++) {
		quant[i] = (int8_t)(((low[i] & 15) | (high[i] & 3) << 4) - 32);
		quant[i + 32] = (int8_t)(((low[i + 32] & 15) | (high[i] >> 2 & 3) << 4) - 32);
		quant[i + 64] = (int8_t)((low[i] >> 4 | (high[i] >> 4 & 3) << 4) - 32);
		quant[i + 96] = (int8_t)((low[i + 32] >> 4 | (high[i] >> 6) << 4) - 32);
	}
}

TARGET_CLONES void
quants_q6_k(const void *from, size_t blocks, int8_t *restrict quant, float *restrict scale,
    float *restrict min)
{
	const unsigned char *p = from;

	(void)min;
	for (; blocks > 0; blocks--, p += 210, quant += 256, scale += 16) {
		const int8_t *scales = (const int8_t *)p + 192;
		const float d = f16_at(p + 208);

		put_q6_half(p, p + 128, quant);
		put_q6_half(p + 64, p + 160, quant + 128);
		for (int i = 0; i < 16; i++)
			scale[i] = d * (float)scales[i];
	}
}
