#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/matmul/quantize.h"
#include "lib/core/target_clones.h"

TARGET_CLONES static void
round_bf16(const float *x, size_t n, uint16_t *to)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t bits, rounded;

		memcpy(&bits, x + i, sizeof(bits));
		rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
		/* NaN stays NaN */
		to[i] = (uint16_t)((bits & 0x7fffffff) > 0x7f800000 ? bits >> 16 | 0x40 : rounded);
	}
}

void
quantize_bf16(const float *x, size_t n, uint32_t *dword)
{
	uint16_t last[2] = { 0 };

	/* little-endian: the first of two values is the low half */
	round_bf16(x, n & ~(size_t)1, (uint16_t *)(void *)dword);
	if (n % 2 == 0)
		return;
	round_bf16(x + n - 1, 1, last);
	dword[n / 2] = last[0];
}

static inline __attribute__((always_inline)) float
nearest_bf16(float x)
{
	uint32_t bits;

	memcpy(&bits, &x, sizeof(bits));
	bits = (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000;
	memcpy(&x, &bits, sizeof(x));
	return x;
}

TARGET_CLONES void
quantize_bf16_in_place(float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = x[i] == x[i] ? nearest_bf16(x[i]) : x[i];
}

TARGET_CLONES void
quantize_expand_bf16(const uint32_t *dword, size_t dwords, uint32_t *restrict to)
{
	for (size_t i = 0; i < dwords; i++) {
		to[2 * i] = dword[i] & 0xffff0000;
		to[2 * i + 1] = dword[i] << 16;
	}
}

/* The largest magnitude; as bits NaN is the largest of all, so that it is not lost. */
static inline __attribute__((always_inline)) float
largest(const float *x)
{
	uint32_t magnitude[INT8_GROUP];
	float max;

	for (size_t i = 0; i < INT8_GROUP; i++) {
		memcpy(&magnitude[i], x + i, sizeof(*magnitude));
		magnitude[i] &= 0x7fffffff;
	}
	for (size_t n = INT8_GROUP / 2; n > 0; n /= 2)
		for (size_t i = 0; i < n; i++)
			magnitude[i] = magnitude[i] > magnitude[i + n] ? magnitude[i]
								       : magnitude[i + n];
	memcpy(&max, magnitude, sizeof(max));
	return max;
}

/* Adding 1.5 * 2^23 leaves the nearest integer in the lowest bits. */
static inline __attribute__((always_inline)) int32_t
quantize_half(const float *x, float factor, int8_t *to)
{
	int32_t total = 0;

	for (size_t i = 0; i < INT8_GROUP / 2; i++) {
		const float shifted = x[i] * factor + 12582912.0f;
		int32_t bits;

		memcpy(&bits, &shifted, sizeof(bits));
		bits = (int32_t)((uint32_t)bits << 24) >> 24;
		to[i] = (int8_t)bits;
		total += bits;
	}
	return total;
}

TARGET_CLONES void
quantize_groups(const float *x, size_t groups, int8_t *restrict byte, float *restrict scale,
    int32_t *restrict sum)
{
	enum { HALF = INT8_GROUP / 2 };

	for (; groups > 0; groups--, x += INT8_GROUP, byte += INT8_GROUP, sum += 2) {
		const float max = largest(x), factor = max > 0 ? 127 / max : 0;

		*scale++ = max / 127;
		sum[0] = quantize_half(x, factor, byte);
		sum[1] = quantize_half(x + HALF, factor, byte + HALF);
	}
}

void
quantize_int8(matmul_quantize_fn *quantize, const float *x, size_t n, int8_t *byte, float *scale,
    int32_t *sum)
{
	const size_t whole = n / INT8_GROUP, done = whole * INT8_GROUP;
	float last[INT8_GROUP] = { 0 };

	quantize(x, whole, byte, scale, sum);
	if (done == n)
		return;
	memcpy(last, x + done, (n - done) * sizeof(*x));
	quantize(last, 1, byte + done, scale + whole, sum + 2 * whole);
}
