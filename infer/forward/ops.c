#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/forward/math_approx.h"
#include "infer/forward/ops.h"
#include "lib/core/target_clones.h"

enum { LANES = 8 };

/* Eight lanes, added in order: the same sum on every CPU. */
TARGET_CLONES double
ops_sum(const float *x, size_t n)
{
	double lane[LANES] = { 0 }, sum = 0;
	size_t i = 0;

	for (; i + LANES <= n; i += LANES)
		for (size_t k = 0; k < LANES; k++)
			lane[k] += (double)x[i + k];
	for (; i < n; i++)
		sum += (double)x[i];
	for (size_t k = 0; k < LANES; k++)
		sum += lane[k];
	return sum;
}

/* The largest magnitude, as bits: it is compared faster than numbers are classified. */
TARGET_CLONES bool
ops_is_finite(const float *x, size_t n)
{
	uint32_t most = 0, bits;

	for (size_t i = 0; i < n; i++) {
		memcpy(&bits, x + i, sizeof(bits));
		bits &= 0x7fffffff;
		most = bits > most ? bits : most;
	}
	return most < 0x7f800000;
}

TARGET_CLONES static double
sum_of_squares(const float *x, double mean, size_t n)
{
	double lane[LANES] = { 0 }, sum = 0;
	size_t i = 0;

	for (; i + LANES <= n; i += LANES)
		for (size_t k = 0; k < LANES; k++)
			lane[k] += ((double)x[i + k] - mean) * ((double)x[i + k] - mean);
	for (; i < n; i++)
		sum += ((double)x[i] - mean) * ((double)x[i] - mean);
	for (size_t k = 0; k < LANES; k++)
		sum += lane[k];
	return sum;
}

TARGET_CLONES static void
normalize(const struct norm_weights *w, float factor, float mean, const float *x, float *y,
    size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] = (x[i] - mean) * factor;
	for (size_t i = 0; w->weight != NULL && i < n; i++)
		y[i] *= w->weight[i];
	for (size_t i = 0; w->bias != NULL && i < n; i++)
		y[i] += w->bias[i];
}

static void
norm_row(enum norm kind, const struct norm_weights *w, double epsilon, const float *x, float *y,
    size_t width)
{
	const double mean = kind == NORM_LAYER ? ops_sum(x, width) / (double)width : 0;
	const double square = sum_of_squares(x, mean, width) / (double)width;

	normalize(w, (float)(1 / sqrt(square + epsilon)), (float)mean, x, y, width);
}

void
ops_norm(enum norm kind, const struct norm_weights *w, double epsilon, const float *x, float *y,
    size_t rows, size_t width)
{
	for (size_t r = 0; r < rows; r++)
		norm_row(kind, w, epsilon, x + r * width, y + r * width, width);
}

TARGET_CLONES void
ops_scale(float factor, float *x, size_t n)
{
	for (size_t i = 0; factor != 1 && i < n; i++)
		x[i] *= factor;
}

void
ops_divide(const float *divisor, float *x, size_t rows, size_t width)
{
	for (size_t r = 0; divisor != NULL && r < rows; r++)
		for (size_t i = 0; i < width; i++)
			x[r * width + i] /= divisor[i];
}

TARGET_CLONES void
ops_add(const float *x, float *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] += x[i];
}

void
rope_angles(const struct model *m, size_t length, int32_t position, float *cosine, float *sine)
{
	const float *frequency = model_rope_frequency(m, length);

	for (size_t i = 0; i < m->rope_size / 2; i++) {
		const double angle = (double)position * (double)frequency[i];

		cosine[i] = (float)cos(angle) * m->rope_attn_factor;
		sine[i] = (float)sin(angle) * m->rope_attn_factor;
	}
}

TARGET_CLONES static void
rotate_halves(float *x, size_t half, const float *cosine, const float *sine)
{
	for (size_t i = 0; i < half; i++) {
		const float a = x[i], b = x[i + half];

		x[i] = a * cosine[i] - b * sine[i];
		x[i + half] = a * sine[i] + b * cosine[i];
	}
}

TARGET_CLONES static void
rotate_pairs(float *x, size_t half, const float *cosine, const float *sine)
{
	for (size_t i = 0; i < half; i++) {
		const float a = x[2 * i], b = x[2 * i + 1];

		x[2 * i] = a * cosine[i] - b * sine[i];
		x[2 * i + 1] = a * sine[i] + b * cosine[i];
	}
}

void
rope_apply(const struct model *m, const float *cosine, const float *sine, float *x, size_t heads)
{
	for (size_t h = 0; h < heads; h++, x += m->head_size)
		if (m->positions == POSITIONS_ROPE_INTERLEAVED)
			rotate_pairs(x, m->rope_size / 2, cosine, sine);
		else
			rotate_halves(x, m->rope_size / 2, cosine, sine);
}

static inline __attribute__((always_inline)) float
silu_of(float x)
{
	return x / (1 + approx_exp(-x));
}

TARGET_CLONES static void
silu(float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = silu_of(x[i]);
}

/* In one pass: most models use SwiGLU. */
TARGET_CLONES static void
gate_silu(const float *restrict gate, float *restrict x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] *= silu_of(gate[i]);
}

TARGET_CLONES static void
gelu_tanh(float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = 0.5f * x[i]
		    * (1 + approx_tanh(0.79788456f * x[i] * (1 + 0.044715f * x[i] * x[i])));
}

static void
gelu_erf(float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = 0.5f * x[i] * (1 + erff(x[i] * 0.70710678f));
}

TARGET_CLONES static void
relu(float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = x[i] < 0 ? 0 : x[i]; /* NaN stays NaN */
}

TARGET_CLONES static void
multiply(const float *factor, float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] *= factor[i];
}

void
ops_activate(enum activation kind, float *x, size_t n)
{
	switch (kind) {
	case ACTIVATION_SILU:
		silu(x, n);
		break;
	case ACTIVATION_GELU_TANH:
		gelu_tanh(x, n);
		break;
	case ACTIVATION_GELU_ERF:
		gelu_erf(x, n);
		break;
	case ACTIVATION_RELU:
		relu(x, n);
		break;
	}
}

void
ops_gate(enum activation kind, const float *gate, float *x, size_t n)
{
	enum { CHUNK = 512 };
	float y[CHUNK];

	if (kind == ACTIVATION_SILU) {
		gate_silu(gate, x, n);
		return;
	}
	for (size_t i = 0; i < n; i += CHUNK) {
		const size_t part = n - i < CHUNK ? n - i : CHUNK;

		memcpy(y, gate + i, part * sizeof(*y));
		ops_activate(kind, y, part);
		multiply(y, x + i, part);
	}
}

TARGET_CLONES void
ops_softcap(double cap, float *x, size_t n)
{
	const float c = (float)cap;

	for (size_t i = 0; c > 0 && i < n; i++)
		x[i] = c * approx_tanh(x[i] / c);
}

void
ops_clamp(double limit, float *x, size_t n)
{
	const float most = (float)limit;

	for (size_t i = 0; limit > 0 && i < n; i++)
		x[i] = x[i] < -most ? -most : x[i] > most ? most : x[i]; /* NaN stays NaN */
}
