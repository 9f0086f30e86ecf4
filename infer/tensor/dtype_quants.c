/* type_codes.c - blocks as the whole numbers that are in them, with scales. */

#include "config.h"

#include "infer/tensor/dtype_block.h"
#include "lib/core/target_clones.h"

/* Low nibbles are numbers 0 to 15, high ones 16 to 31; `fifth`, the fifth bits of
 * the 32. */
static inline void
put_nibbles(const unsigned char *p, uint32_t fifth, int zero, int8_t *code)
{
	for (int i = 0; i < 16; i++) {
		code[i] = (int8_t)((p[i] & 15) + (int)(fifth >> i & 1) * 16 - zero);
		code[i + 16] = (int8_t)((p[i] >> 4) + (int)(fifth >> (i + 16) & 1) * 16
		    - zero);
	}
}

VECTOR void
codes_q4_0(const void *from, size_t blocks, int8_t *restrict code, float *restrict scale,
    float *restrict min)
{
	const unsigned char *p = from;

	(void)min;
	for (; blocks > 0; blocks--, p += 18, code += 32) {
		put_nibbles(p + 2, 0, 8, code);
		*scale++ = half_at(p);
	}
}

VECTOR void
codes_q4_1(const void *from, size_t blocks, int8_t *restrict code, float *restrict scale,
    float *restrict min)
{
	const unsigned char *p = from;

	for (; blocks > 0; blocks--, p += 20, code += 32) {
		put_nibbles(p + 4, 0, 0, code);
		*scale++ = half_at(p);
		*min++ = -half_at(p + 2);
	}
}

VECTOR void
codes_q5_0(const void *from, size_t blocks, int8_t *restrict code, float *restrict scale,
    float *restrict min)
{
	const unsigned char *p = from;

	(void)min;
	for (; blocks > 0; blocks--, p += 22, code += 32) {
		put_nibbles(p + 6, u32(p + 2), 16, code);
		*scale++ = half_at(p);
	}
}

VECTOR void
codes_q5_1(const void *from, size_t blocks, int8_t *restrict code, float *restrict scale,
    float *restrict min)
{
	const unsigned char *p = from;

	for (; blocks > 0; blocks--, p += 24, code += 32) {
		put_nibbles(p + 8, u32(p + 4), 0, code);
		*scale++ = half_at(p);
		*min++ = -half_at(p + 2);
	}
}

VECTOR void
codes_q8_0(const void *from, size_t blocks, int8_t *restrict code, float *restrict scale,
    float *restrict min)
{
	const unsigned char *p = from;

	(void)min;
	for (; blocks > 0; blocks--, p += 34, code += 32) {
		memcpy(code, p + 2, 32);
		*scale++ = half_at(p);
	}
}

/* Q4_K and Q5_K: 256 numbers in 8 parts of 32. */
static inline void
put_scales(const unsigned char *p, float *restrict scale, float *restrict min)
{
	const float d = half_at(p), dmin = half_at(p + 2);
	uint8_t by[8], less[8];

	scales_and_mins(p + 4, by, less);
	for (int j = 0; j < 8; j++) {
		scale[j] = d * (float)by[j];
		min[j] = dmin * (float)less[j];
	}
}

VECTOR void
codes_q4_k(const void *from, size_t blocks, int8_t *restrict code, float *restrict scale,
    float *restrict min)
{
	const unsigned char *p = from;

	for (; blocks > 0; blocks--, p += 144, scale += 8, min += 8) {
		const unsigned char *nibbles = p + 16;

		for (int j = 0; j < 8; j += 2, nibbles += 32, code += 64)
			for (int i = 0; i < 32; i++) {
				code[i] = nibbles[i] & 15;
				code[i + 32] = (int8_t)(nibbles[i] >> 4);
			}
		put_scales(p, scale, min);
	}
}

VECTOR void
codes_q5_k(const void *from, size_t blocks, int8_t *restrict code, float *restrict scale,
    float *restrict min)
{
	const unsigned char *p = from;

	for (; blocks > 0; blocks--, p += 176, scale += 8, min += 8) {
		const unsigned char *fifth = p + 16, *nibbles = p + 48;

		for (int j = 0; j < 8; j += 2, nibbles += 32, code += 64)
			for (int i = 0; i < 32; i++) {
				code[i] = (int8_t)((nibbles[i] & 15) | (fifth[i] >> j & 1) << 4);
				code[i + 32] = (int8_t)(nibbles[i] >> 4
				    | (fifth[i] >> (j + 1) & 1) << 4);
			}
		put_scales(p, scale, min);
	}
}

/* 128 numbers, 32 at a time: low nibbles of both halves of 64 bytes, then high
 * ones, with two bits each of 32 bytes. */
static inline void
codes_q6_half(const unsigned char *low, const unsigned char *high, int8_t *code)
{
	for (int i = 0; i < 32; i++) {
		code[i] = (int8_t)(((low[i] & 15) | (high[i] & 3) << 4) - 32);
		code[i + 32] = (int8_t)(((low[i + 32] & 15) | (high[i] >> 2 & 3) << 4) - 32);
		code[i + 64] = (int8_t)((low[i] >> 4 | (high[i] >> 4 & 3) << 4) - 32);
		code[i + 96] = (int8_t)((low[i + 32] >> 4 | (high[i] >> 6) << 4) - 32);
	}
}

VECTOR void
codes_q6_k(const void *from, size_t blocks, int8_t *restrict code, float *restrict scale,
    float *restrict min)
{
	const unsigned char *p = from;

	(void)min;
	for (; blocks > 0; blocks--, p += 210, code += 256, scale += 16) {
		const int8_t *by = (const int8_t *)p + 192;
		const float d = half_at(p + 208);

		codes_q6_half(p, p + 128, code);
		codes_q6_half(p + 64, p + 160, code + 128);
		for (int i = 0; i < 16; i++)
			scale[i] = d * (float)by[i];
	}
}
