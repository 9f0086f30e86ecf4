#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/tensor/dtype_block.h"
#include "lib/core/target_clones.h"

float
bf16_to_f32(uint16_t bits)
{
	return bf16_value(bits);
}

float
f16_to_f32(uint16_t bits)
{
	return f16_value(bits);
}

static void
decode_f32(const void *from, size_t blocks, float *to)
{
	memcpy(to, from, blocks * sizeof(*to));
}

TARGET_CLONES static void
decode_f16(const void *from, size_t blocks, float *to)
{
	const unsigned char *p = from;

	for (size_t i = 0; i < blocks; i++) {
		uint16_t bits;

		memcpy(&bits, p + 2 * i, sizeof(bits));
		to[i] = f16_value(bits);
	}
}

TARGET_CLONES static void
decode_bf16(const void *from, size_t blocks, float *to)
{
	const unsigned char *p = from;

	for (size_t i = 0; i < blocks; i++)
		to[i] = bf16_value(load_u16(p + 2 * i));
}

TARGET_CLONES static void
decode_q8_0(const void *from, size_t blocks, float *to)
{
	const unsigned char *p = from;

	for (; blocks > 0; blocks--, p += 34, to += 32) {
		float d = f16_at(p);

		for (int i = 0; i < 32; i++)
			to[i] = d * (float)(int8_t)p[2 + i];
	}
}

/* Low nibbles are values 0 to 15, high ones 16 to 31; fifth: a fifth bit of each, of the Q5
 * types. */
TARGET_CLONES static void
decode_nibbles(const unsigned char *p, uint32_t fifth, float d, float m, float *to)
{
	for (int i = 0; i < 16; i++) {
		unsigned low = p[i] & 15u, high = p[i] >> 4;

		low |= (fifth >> i & 1) << 4;
		high |= (fifth >> (i + 16) & 1) << 4;
		to[i] = d * (float)low + m;
		to[i + 16] = d * (float)high + m;
	}
}

static void
decode_q4_0(const void *from, size_t blocks, float *to)
{
	const unsigned char *p = from;

	for (; blocks > 0; blocks--, p += 18, to += 32)
		decode_nibbles(p + 2, 0, f16_at(p), -8 * f16_at(p), to);
}

static void
decode_q4_1(const void *from, size_t blocks, float *to)
{
	const unsigned char *p = from;

	for (; blocks > 0; blocks--, p += 20, to += 32)
		decode_nibbles(p + 4, 0, f16_at(p), f16_at(p + 2), to);
}

static void
decode_q5_0(const void *from, size_t blocks, float *to)
{
	const unsigned char *p = from;

	for (; blocks > 0; blocks--, p += 22, to += 32)
		decode_nibbles(p + 6, load_u32(p + 2), f16_at(p), -16 * f16_at(p), to);
}

static void
decode_q5_1(const void *from, size_t blocks, float *to)
{
	const unsigned char *p = from;

	for (; blocks > 0; blocks--, p += 24, to += 32)
		decode_nibbles(p + 8, load_u32(p + 4), f16_at(p), f16_at(p + 2), to);
}

/* Q4_K and Q5_K: 256 values in 8 groups of 32; fifth is NULL for Q4_K. */
TARGET_CLONES static void
decode_k(const unsigned char *p, const unsigned char *fifth, const unsigned char *nibbles,
    float *to)
{
	float d = f16_at(p), dmin = f16_at(p + 2);
	uint8_t scale[8], min[8];

	unpack_scales_k(p + 4, scale, min);
	for (int j = 0; j < 8; j++) {
		float group_scale = d * (float)scale[j], group_min = dmin * (float)min[j];

		for (int i = 0; i < 32; i++) {
			unsigned q = nibbles[j / 2 * 32 + i] >> (j % 2 * 4) & 15u;

			if (fifth != NULL)
				q |= (fifth[i] >> j & 1u) << 4;
			to[j * 32 + i] = group_scale * (float)q - group_min;
		}
	}
}

static void
decode_q4_k(const void *from, size_t blocks, float *to)
{
	const unsigned char *p = from;

	for (; blocks > 0; blocks--, p += 144, to += 256)
		decode_k(p, NULL, p + 16, to);
}

static void
decode_q5_k(const void *from, size_t blocks, float *to)
{
	const unsigned char *p = from;

	for (; blocks > 0; blocks--, p += 176, to += 256)
		decode_k(p, p + 16, p + 48, to);
}

TARGET_CLONES static void
decode_q6_k(const void *from, size_t blocks, float *to)
{
	const unsigned char *p = from;

	for (; blocks > 0; blocks--, p += 210, to += 256) {
		const int8_t *scale = (const int8_t *)p + 192;
		float d = f16_at(p + 208);

		for (int i = 0; i < 256; i++) {
			int half = i / 128, group = i % 128 / 32, l = i % 32;
			unsigned low = p[64 * half + group % 2 * 32 + l] >> (group / 2 * 4) & 15u;
			unsigned high = p[128 + 32 * half + l] >> (2 * group) & 3u;

			to[i] = d * (float)scale[i / 16] * (float)((int)(low | high << 4) - 32);
		}
	}
}

static const struct dtype types[] = {
	{ "F32", 0, 1, 4, COMPUTE_F32, true, decode_f32, NULL, 0, false, false },
	{ "F16", 1, 1, 2, COMPUTE_BF16, false, decode_f16, NULL, 0, false, false },
	{ "Q4_0", 2, 32, 18, COMPUTE_INT8, false, decode_q4_0, quants_q4_0, 32, false, false },
	{ "Q4_1", 3, 32, 20, COMPUTE_INT8, false, decode_q4_1, quants_q4_1, 32, true, false },
	{ "Q5_0", 6, 32, 22, COMPUTE_INT8, false, decode_q5_0, quants_q5_0, 32, false, false },
	{ "Q5_1", 7, 32, 24, COMPUTE_INT8, false, decode_q5_1, quants_q5_1, 32, true, false },
	{ "Q8_0", 8, 32, 34, COMPUTE_INT8, false, decode_q8_0, quants_q8_0, 32, false, true },
	{ "Q4_K", 12, 256, 144, COMPUTE_INT8, false, decode_q4_k, quants_q4_k, 32, true, false },
	{ "Q5_K", 13, 256, 176, COMPUTE_INT8, false, decode_q5_k, quants_q5_k, 32, true, false },
	{ "Q6_K", 14, 256, 210, COMPUTE_INT8, false, decode_q6_k, quants_q6_k, 16, false, false },
	{ "BF16", 30, 1, 2, COMPUTE_BF16, true, decode_bf16, NULL, 0, false, false },
};
enum { TYPES = sizeof(types) / sizeof(types[0]) };

const struct dtype *
dtype_at(size_t i)
{
	return i < TYPES ? &types[i] : NULL;
}

const struct dtype *
dtype_of_gguf(uint32_t number)
{
	for (size_t i = 0; i < TYPES; i++)
		if (types[i].gguf == number)
			return &types[i];
	return NULL;
}

const struct dtype *
dtype_named(const char *name)
{
	for (size_t i = 0; i < TYPES; i++)
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	return NULL;
}
