/* math_approx.h - exponential and hyperbolic tangent without branches, for vector loops.
 *
 * Minimax polynomials; relative error below 2e-7.  The same results on every CPU. */

#ifndef ALIGNX_INFER_FORWARD_MATH_APPROX_H
#define ALIGNX_INFER_FORWARD_MATH_APPROX_H

#include <stdint.h>
#include <string.h>

/* e^x; 0 below -87.3, where results would be subnormal; x is capped at 88. */
static inline __attribute__((always_inline)) float
approx_exp(float x)
{
	const float max = x < 88.0f ? x : 88.0f;
	/* adding 1.5 * 2^23 leaves the nearest whole number in the lowest bits */
	const float shifted = max * 1.44269504f + 12582912.0f;
	const float n = shifted - 12582912.0f;
	const float r = max - n * 0.693145752f - n * 1.42860677e-6f;
	const float q = 0.5f
	    + r * (0.166665734f + r * (0.0416663636f + r * (0.00836377615f + r * 0.00139421489f)));
	float p = 1 + (r + r * r * q);
	uint32_t bits, power;

	memcpy(&power, &shifted, sizeof(power));
	memcpy(&bits, &p, sizeof(bits));
	bits += power << 23; /* p is in [0.7, 1.5] */
	memcpy(&p, &bits, sizeof(p));
	p = x < -87.3f ? 0 : p;
	return x == x ? p : x;
}

static inline __attribute__((always_inline)) float
approx_tanh(float x)
{
	const float z = x * x;
	const float small = x
	    + x * z
		* (-0.333333332f
		    + z
			* (0.133333018f
			    + z
				* (-0.0539587861f
				    + z
					* (0.0217647659f
					    + z * (-0.00832963582f + z * 0.00227593739f)))));
	const float large = 1 - 2 / (1 + approx_exp(2 * x));

	return z < 0.39f ? small : large;
}

#endif
