#include "config.h"

#include <math.h>

#include "infer/forward/math_approx.h"
#include "infer/forward/ops.h"
#include "infer/pear/ops_backward.h"
#include "lib/core/target_clones.h"

enum { STEP = 256 };			/* numbers whose activations are kept for a moment */

/* The mean that is taken off (0 for RMS), and one by the root. */
static float
measure(enum norm kind, double epsilon, const float *x, size_t width, float *mean)
{
	double sum = 0, square = 0;

	for (size_t i = 0; kind == NORM_LAYER && i < width; i++)
		sum += (double)x[i];
	sum /= (double)width;
	for (size_t i = 0; i < width; i++)
		square += ((double)x[i] - sum) * ((double)x[i] - sum);
	*mean = (float)sum;
	return (float)(1 / sqrt(square / (double)width + epsilon));
}

static void
norm_row_back(enum norm kind, const struct norm_weights *w, double epsilon,
    const float *x, const float *dy, float *dx, size_t width, bool is_sum)
{
	double along = 0, level = 0;
	float mean, by = measure(kind, epsilon, x, width, &mean);

	for (size_t i = 0; i < width; i++) {
		float g = w->weight != NULL ? dy[i] * w->weight[i] : dy[i];

		along += (double)g * (double)((x[i] - mean) * by);
		level += (double)g;
	}
	along /= (double)width;
	level = kind == NORM_LAYER ? level / (double)width : 0;
	for (size_t i = 0; i < width; i++) {
		float g = w->weight != NULL ? dy[i] * w->weight[i] : dy[i];
		float d = by * (g - (float)level - (x[i] - mean) * by * (float)along);

		dx[i] = is_sum ? dx[i] + d : d;
	}
}

void
layer_norm_back(enum norm kind, const struct norm_weights *w, double epsilon,
    const float *x, const float *dy, float *dx, size_t rows, size_t width,
    bool is_sum)
{
	for (size_t r = 0; r < rows; r++)
		norm_row_back(kind, w, epsilon, x + r * width, dy + r * width,
		    dx + r * width, width, is_sum);
}

/* A turn's transpose is the turn the other way. */
void
layer_rope_back(const struct model *m, float *d, size_t rows, size_t heads,
    size_t stride, const int32_t *position)
{
	float cosine[MODEL_HEAD_MAX / 2], sine[MODEL_HEAD_MAX / 2];

	for (size_t r = 0; r < rows; r++) {
		layer_rope_angles(m, position[r], cosine, sine);
		for (size_t i = 0; i < m->rope_size / 2; i++)
			sine[i] = -sine[i];
		layer_rope_turn(m, cosine, sine, d + r * stride, heads);
	}
}

/* d times the slope of an activation at x, n numbers; value gets the activation. */
VECTOR static void
silu(const float *x, float *d, float *value, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const float s = 1 / (1 + exp_of(-x[i]));

		value[i] = x[i] * s;
		d[i] *= s * (1 + x[i] * (1 - s));
	}
}

VECTOR static void
gelu_tanh(const float *x, float *d, float *value, size_t n)
{
	const float a = 0.79788456f, b = 0.044715f;

	for (size_t i = 0; i < n; i++) {
		const float s = tanh_of(a * x[i] * (1 + b * x[i] * x[i]));

		value[i] = 0.5f * x[i] * (1 + s);
		d[i] *= 0.5f * (1 + s) + 0.5f * x[i] * (1 - s * s) * a
		    * (1 + 3 * b * x[i] * x[i]);
	}
}

static void
gelu_erf(const float *x, float *d, float *value, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const float s = 0.5f * (1 + erff(x[i] * 0.70710678f));

		value[i] = x[i] * s;
		d[i] *= s + x[i] * 0.39894228f * exp_of(-0.5f * x[i] * x[i]);
	}
}

VECTOR static void
relu(const float *x, float *d, float *value, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		value[i] = x[i] > 0 ? x[i] : 0;
		d[i] = x[i] > 0 ? d[i] : 0;
	}
}

typedef void slope_fn(const float *x, float *d, float *value, size_t n);

static slope_fn *const slope_of[] = { [ACTIVATION_SILU] = silu,
	[ACTIVATION_GELU_TANH] = gelu_tanh, [ACTIVATION_GELU_ERF] = gelu_erf,
	[ACTIVATION_RELU] = relu };

void
layer_activate_back(enum activation kind, const float *x, float *d, size_t n)
{
	float value[STEP];

	for (size_t i = 0; i < n; i += STEP)
		slope_of[kind](x + i, d + i, value, n - i < STEP ? n - i : STEP);
}

VECTOR static void
multiply(const float *a, const float *b, float *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = a[i] * b[i];
}

void
layer_gate_back(enum activation kind, const float *gate, const float *up,
    float *d, float *d_gate, size_t n)
{
	float value[STEP];

	for (size_t i = 0; i < n; i += STEP) {
		const size_t len = n - i < STEP ? n - i : STEP;

		multiply(d + i, up + i, d_gate + i, len);
		slope_of[kind](gate + i, d_gate + i, value, len);
		multiply(d + i, value, d + i, len);
	}
}

VECTOR void
layer_cap_back(double cap, const float *y, float *d, size_t n)
{
	for (size_t i = 0; cap > 0 && i < n; i++)
		d[i] *= 1 - y[i] / (float)cap * (y[i] / (float)cap);
}

VECTOR void
layer_clamp_back(double most, const float *y, float *d, size_t n)
{
	for (size_t i = 0; most > 0 && i < n; i++)
		d[i] = y[i] < (float)most && y[i] > (float)-most ? d[i] : 0;
}
