#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/format.h"
#include "infer/pack_round.h"
#include "lib/vector.h"

VECTOR static void
round_bf16(const float *x, size_t n, uint16_t *to)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t bits, rounded;

		memcpy(&bits, x + i, sizeof(bits));
		rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
		/* what is not a number stays so */
		to[i] = (uint16_t)((bits & 0x7fffffff) > 0x7f800000
		    ? bits >> 16 | 0x40 : rounded);
	}
}

void
pack_round_bf16(const float *x, size_t n, uint32_t *dword)
{
	uint16_t last[2] = { 0 };

	/* little-endian: the first of two numbers is the low half */
	round_bf16(x, n & ~(size_t)1, (uint16_t *)(void *)dword);
	if (n % 2 == 0)
		return;
	round_bf16(x + n - 1, 1, last);
	dword[n / 2] = last[0];
}

VECTOR static float
largest(const float *x)
{
	float lane[8] = { 0 };

	for (size_t i = 0; i < FORMAT_PART; i += 8)
		for (size_t k = 0; k < 8; k++) {
			float size = fabsf(x[i + k]);

			lane[k] = size > lane[k] ? size : lane[k];
		}
	for (size_t k = 1; k < 8; k++)
		lane[0] = lane[k] > lane[0] ? lane[k] : lane[0];
	return lane[0];
}

/* Adding 1.5 * 2^23 leaves the nearest whole number in the lowest bits. */
VECTOR static void
round_bytes(const float *x, float by, int8_t *to, int32_t *sum)
{
	for (size_t half = 0; half < 2; half++, x += 16, to += 16) {
		int32_t total = 0;

		for (size_t i = 0; i < 16; i++) {
			float shifted = x[i] * by + 12582912.0f;
			int32_t bits;

			memcpy(&bits, &shifted, sizeof(bits));
			to[i] = (int8_t)(uint8_t)((uint32_t)bits & 0xff);
			total += to[i];
		}
		sum[half] = total;
	}
}

float
pack_round_int8(const float *x, size_t n, int8_t *byte, int32_t sum[2])
{
	float filled[FORMAT_PART] = { 0 }, most;

	if (n < FORMAT_PART)
		x = memcpy(filled, x, n * sizeof(*x));
	most = largest(x);
	round_bytes(x, most > 0 ? 127 / most : 0, byte, sum);
	return most / 127;
}
