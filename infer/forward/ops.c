#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/forward/math_approx.h"
#include "infer/forward/ops.h"
#include "lib/core/target_clones.h"

enum { LANES = 8 };

/* Sums in lanes, added in order: one order on every level. */
VECTOR double
layer_sum(const float *x, size_t n)
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

VECTOR static double
squares_of(const float *x, double mean, size_t n)
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

VECTOR static void
spread(const struct norm_weights *w, float by, float less, const float *x, float *y,
    size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] = (x[i] - less) * by;
	for (size_t i = 0; w->weight != NULL && i < n; i++)
		y[i] *= w->weight[i];
	for (size_t i = 0; w->bias != NULL && i < n; i++)
		y[i] += w->bias[i];
}

static void
norm_row(enum norm kind, const struct norm_weights *w, double epsilon,
    const float *x, float *y, size_t width)
{
	const double mean = kind == NORM_LAYER ? layer_sum(x, width) / (double)width : 0;
	const double square = squares_of(x, mean, width) / (double)width;

	spread(w, (float)(1 / sqrt(square + epsilon)), (float)mean, x, y, width);
}

void
layer_norm(enum norm kind, const struct norm_weights *w, double epsilon,
    const float *x, float *y, size_t rows, size_t width)
{
	for (size_t r = 0; r < rows; r++)
		norm_row(kind, w, epsilon, x + r * width, y + r * width, width);
}

VECTOR void
layer_scale(float by, float *x, size_t n)
{
	for (size_t i = 0; by != 1 && i < n; i++)
		x[i] *= by;
}

void
layer_divide(const float *by, float *x, size_t rows, size_t width)
{
	for (size_t r = 0; by != NULL && r < rows; r++)
		for (size_t i = 0; i < width; i++)
			x[r * width + i] /= by[i];
}

VECTOR void
layer_add(const float *x, float *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] += x[i];
}

void
layer_rope_angles(const struct model *m, int32_t position, float *cosine, float *sine)
{
	for (size_t i = 0; i < m->rope_size / 2; i++) {
		const double angle = (double)position * (double)m->rope_frequency[i];

		cosine[i] = (float)cos(angle) * m->rope_magnitude;
		sine[i] = (float)sin(angle) * m->rope_magnitude;
	}
}

VECTOR static void
turn_halves(float *x, size_t half, const float *cosine, const float *sine)
{
	for (size_t i = 0; i < half; i++) {
		const float a = x[i], b = x[i + half];

		x[i] = a * cosine[i] - b * sine[i];
		x[i + half] = a * sine[i] + b * cosine[i];
	}
}

VECTOR static void
turn_pairs(float *x, size_t half, const float *cosine, const float *sine)
{
	for (size_t i = 0; i < half; i++) {
		const float a = x[2 * i], b = x[2 * i + 1];

		x[2 * i] = a * cosine[i] - b * sine[i];
		x[2 * i + 1] = a * sine[i] + b * cosine[i];
	}
}

void
layer_rope_turn(const struct model *m, const float *cosine, const float *sine,
    float *x, size_t heads)
{
	for (size_t h = 0; h < heads; h++, x += m->head_size)
		if (m->positions == POSITIONS_ROPE_PAIRS)
			turn_pairs(x, m->rope_size / 2, cosine, sine);
		else
			turn_halves(x, m->rope_size / 2, cosine, sine);
}

static inline __attribute__((always_inline)) float
silu_of(float x)
{
	return x / (1 + exp_of(-x));
}

VECTOR static void
silu(float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = silu_of(x[i]);
}

/* In one pass, since most of today's models have this one. */
VECTOR static void
gate_silu(const float *restrict gate, float *restrict x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] *= silu_of(gate[i]);
}

VECTOR static void
gelu_tanh(float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = 0.5f * x[i] * (1 + tanh_of(0.79788456f * x[i]
		    * (1 + 0.044715f * x[i] * x[i])));
}

static void
gelu_erf(float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = 0.5f * x[i] * (1 + erff(x[i] * 0.70710678f));
}

VECTOR static void
relu(float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = x[i] > 0 ? x[i] : 0;
}

VECTOR static void
multiply(const float *by, float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] *= by[i];
}

void
layer_activate(enum activation kind, float *x, size_t n)
{
	switch (kind) {
	case ACTIVATION_SILU: silu(x, n); break;
	case ACTIVATION_GELU_TANH: gelu_tanh(x, n); break;
	case ACTIVATION_GELU_ERF: gelu_erf(x, n); break;
	case ACTIVATION_RELU: relu(x, n); break;
	}
}

void
layer_gate(enum activation kind, const float *gate, float *x, size_t n)
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
		layer_activate(kind, y, part);
		multiply(y, x + i, part);
	}
}

VECTOR void
layer_cap(double most, float *x, size_t n)
{
	const float cap = (float)most;

	for (size_t i = 0; cap > 0 && i < n; i++)
		x[i] = cap * tanh_of(x[i] / cap);
}

void
layer_clamp(double most, float *x, size_t n)
{
	for (size_t i = 0; most > 0 && i < n; i++)
		x[i] = fminf(fmaxf(x[i], (float)-most), (float)most);
}
