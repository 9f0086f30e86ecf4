/* function.h - exponential and hyperbolic tangent without branches, so that loops
 * over them run in wide registers.
 *
 * The polynomials are best fits in the largest error; both functions are within
 * 2e-7 of the true value, relative.  The results are the same on every level. */

#ifndef ALIGNX_INFER_FUNCTION_H
#define ALIGNX_INFER_FUNCTION_H

#include <stdint.h>
#include <string.h>

/* 0 below -87.3, where results would be subnormal; x stays below 88. */
static inline __attribute__((always_inline)) float
exp_of(float x)
{
	const float most = x < 88.0f ? x : 88.0f;
	/* adding 1.5 * 2^23 leaves the nearest whole number in the lowest bits */
	const float shifted = most * 1.44269504f + 12582912.0f;
	const float n = shifted - 12582912.0f;
	const float r = most - n * 0.693145752f - n * 1.42860677e-6f;
	const float q = 0.5f + r * (0.166665734f + r * (0.0416663636f
	    + r * (0.00836377615f + r * 0.00139421489f)));
	float p = 1 + (r + r * r * q);
	uint32_t bits, power;

	memcpy(&power, &shifted, sizeof(power));
	memcpy(&bits, &p, sizeof(bits));
	bits += power << 23;			/* p is in [0.7, 1.5] */
	memcpy(&p, &bits, sizeof(p));
	p = x < -87.3f ? 0 : p;
	return x == x ? p : x;
}

static inline __attribute__((always_inline)) float
tanh_of(float x)
{
	const float z = x * x;
	const float small = x + x * z * (-0.333333332f + z * (0.133333018f
	    + z * (-0.0539587861f + z * (0.0217647659f + z * (-0.00832963582f
	    + z * 0.00227593739f)))));
	const float large = 1 - 2 / (1 + exp_of(2 * x));

	return z < 0.39f ? small : large;
}

#endif
