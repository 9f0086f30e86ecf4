#include "config.h"

#include <string.h>

#include "infer/forward/kv_tiles.h"
#include "infer/forward/math_approx.h"
#include "infer/forward/softmax.h"
#include "lib/core/target_clones.h"

enum { LANES = 8 };

/* Sums in lanes, added in pairs: one order on every level. */
VECTOR float
softmax_sum(const float *x)
{
	float lane[LANES] = { 0 };

	for (size_t i = 0; i < ATTENTION_TILE; i += LANES)
		for (size_t k = 0; k < LANES; k++)
			lane[k] += x[i + k];
	return ((lane[0] + lane[4]) + (lane[2] + lane[6]))
	    + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

VECTOR float
softmax_most(const float *x)
{
	float most[ATTENTION_TILE / 2];

	for (size_t i = 0; i < ATTENTION_TILE / 2; i++)
		most[i] = x[i] > x[i + ATTENTION_TILE / 2] ? x[i] : x[i + ATTENTION_TILE / 2];
	for (size_t n = ATTENTION_TILE / 4; n >= LANES; n /= 2)
		for (size_t i = 0; i < n; i++)
			most[i] = most[i] > most[i + n] ? most[i] : most[i + n];
	for (size_t i = 1; i < LANES; i++)
		most[0] = most[i] > most[0] ? most[i] : most[0];
	return most[0];
}

VECTOR void
softmax_bend(float *x, float cap, float slope, float distance)
{
	if (cap > 0)
		for (size_t i = 0; i < ATTENTION_TILE; i++)
			x[i] = cap * tanh_of(x[i] / cap);
	if (slope != 0)
		for (size_t i = 0; i < ATTENTION_TILE; i++)
			x[i] += slope * ((float)(int)i - distance);
}

VECTOR void
softmax_exp(float *x, float less, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = exp_of(x[i] - less);
}
