#include "config.h"

#include <string.h>

#include "infer/forward/kv_tiles.h"
#include "infer/forward/math_approx.h"
#include "infer/forward/softmax.h"
#include "lib/core/target_clones.h"

enum { LANES = 8 };

/* Eight lanes, added in pairs: the same sum on every CPU. */
TARGET_CLONES float
softmax_sum(const float *x)
{
	float lane[LANES] = { 0 };

	for (size_t i = 0; i < KV_TILE; i += LANES)
		for (size_t k = 0; k < LANES; k++)
			lane[k] += x[i + k];
	return ((lane[0] + lane[4]) + (lane[2] + lane[6]))
	    + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

TARGET_CLONES float
softmax_max(const float *x)
{
	float max[KV_TILE / 2];

	for (size_t i = 0; i < KV_TILE / 2; i++)
		max[i] = x[i] > x[i + KV_TILE / 2] ? x[i] : x[i + KV_TILE / 2];
	for (size_t n = KV_TILE / 4; n >= LANES; n /= 2)
		for (size_t i = 0; i < n; i++)
			max[i] = max[i] > max[i + n] ? max[i] : max[i + n];
	for (size_t i = 1; i < LANES; i++)
		max[0] = max[i] > max[0] ? max[i] : max[0];
	return max[0];
}

TARGET_CLONES void
softmax_softcap_alibi(float *x, float cap, float slope, float distance)
{
	if (cap > 0)
		for (size_t i = 0; i < KV_TILE; i++)
			x[i] = cap * approx_tanh(x[i] / cap);
	if (slope != 0)
		for (size_t i = 0; i < KV_TILE; i++)
			x[i] += slope * ((float)(int)i - distance);
}

TARGET_CLONES void
softmax_exp(float *x, float max, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = approx_exp(x[i] - max);
}
