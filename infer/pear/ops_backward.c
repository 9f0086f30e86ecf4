#include "config.h"

#include <math.h>

#include "infer/forward/math_approx.h"
#include "infer/forward/ops.h"
#include "infer/pear/ops_backward.h"
#include "lib/core/target_clones.h"

enum { CHUNK = 256 }; /* numbers whose activations are kept on the stack */

/* Sets the mean (0 for RMSNorm); returns 1 / sqrt(variance + epsilon). */
static float
norm_stats(enum norm kind, double epsilon, const float *x, size_t width, float *mean)
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
norm_row_backward(enum norm kind, const struct norm_weights *w, double epsilon, const float *x,
    const float *dy, float *dx, size_t width, bool adds)
{
	double mean_gu = 0, mean_g = 0;
	float mean, factor = norm_stats(kind, epsilon, x, width, &mean);

	for (size_t i = 0; i < width; i++) {
		float g = w->weight != NULL ? dy[i] * w->weight[i] : dy[i];

		mean_gu += (double)g * (double)((x[i] - mean) * factor);
		mean_g += (double)g;
	}
	mean_gu /= (double)width;
	mean_g = kind == NORM_LAYER ? mean_g / (double)width : 0;
	for (size_t i = 0; i < width; i++) {
		float g = w->weight != NULL ? dy[i] * w->weight[i] : dy[i];
		float u = (x[i] - mean) * factor;
		float d = factor * (g - (float)mean_g - u * (float)mean_gu);

		dx[i] = adds ? dx[i] + d : d;
	}
}

void
ops_norm_backward(enum norm kind, const struct norm_weights *w, double epsilon, const float *x,
    const float *dy, float *dx, size_t rows, size_t width, bool adds)
{
	for (size_t r = 0; r < rows; r++)
		norm_row_backward(kind, w, epsilon, x + r * width, dy + r * width, dx + r * width,
		    width, adds);
}

/* A rotation's transpose is the rotation by the opposite angle. */
void
rope_backward(const struct model *m, float *d, size_t rows, size_t heads, size_t stride,
    const int32_t *position)
{
	float cosine[MODEL_HEAD_MAX / 2], sine[MODEL_HEAD_MAX / 2];

	for (size_t r = 0; r < rows; r++) {
		rope_angles(m, (size_t)position[rows - 1] + 1, position[r], cosine, sine);
		for (size_t i = 0; i < m->rope_size / 2; i++)
			sine[i] = -sine[i];
		rope_apply(m, cosine, sine, d + r * stride, heads);
	}
}

/* d *= activation'(x); activated = activation(x); n numbers. */
TARGET_CLONES static void
silu(const float *x, float *d, float *activated, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const float s = 1 / (1 + approx_exp(-x[i]));

		activated[i] = x[i] * s;
		d[i] *= s * (1 + x[i] * (1 - s));
	}
}

TARGET_CLONES static void
gelu_tanh(const float *x, float *d, float *activated, size_t n)
{
	const float a = 0.79788456f, b = 0.044715f;

	for (size_t i = 0; i < n; i++) {
		const float s = approx_tanh(a * x[i] * (1 + b * x[i] * x[i]));

		activated[i] = 0.5f * x[i] * (1 + s);
		d[i] *= 0.5f * (1 + s) + 0.5f * x[i] * (1 - s * s) * a * (1 + 3 * b * x[i] * x[i]);
	}
}

static void
gelu_erf(const float *x, float *d, float *activated, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const float s = 0.5f * (1 + erff(x[i] * 0.70710678f));

		activated[i] = x[i] * s;
		d[i] *= s + x[i] * 0.39894228f * approx_exp(-0.5f * x[i] * x[i]);
	}
}

TARGET_CLONES static void
relu(const float *x, float *d, float *activated, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		activated[i] = x[i] > 0 ? x[i] : 0;
		d[i] = x[i] > 0 ? d[i] : 0;
	}
}

typedef void activation_slope_fn(const float *x, float *d, float *activated, size_t n);

static activation_slope_fn *const slope_of[] = { [ACTIVATION_SILU] = silu,
	[ACTIVATION_GELU_TANH] = gelu_tanh,
	[ACTIVATION_GELU_ERF] = gelu_erf,
	[ACTIVATION_RELU] = relu };

void
ops_activate_backward(enum activation kind, const float *x, float *d, size_t n)
{
	float activated[CHUNK];

	for (size_t i = 0; i < n; i += CHUNK)
		slope_of[kind](x + i, d + i, activated, n - i < CHUNK ? n - i : CHUNK);
}

TARGET_CLONES static void
multiply(const float *a, const float *b, float *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = a[i] * b[i];
}

void
ops_gate_backward(enum activation kind, const float *gate, const float *up, float *d, float *d_gate,
    size_t n)
{
	float activated[CHUNK];

	for (size_t i = 0; i < n; i += CHUNK) {
		const size_t len = n - i < CHUNK ? n - i : CHUNK;

		multiply(d + i, up + i, d_gate + i, len);
		slope_of[kind](gate + i, d_gate + i, activated, len);
		multiply(d + i, activated, d + i, len);
	}
}

TARGET_CLONES void
ops_softcap_backward(double cap, const float *y, float *d, size_t n)
{
	for (size_t i = 0; cap > 0 && i < n; i++)
		d[i] *= 1 - y[i] / (float)cap * (y[i] / (float)cap);
}

TARGET_CLONES void
ops_clamp_backward(double limit, const float *y, float *d, size_t n)
{
	for (size_t i = 0; limit > 0 && i < n; i++)
		d[i] = y[i] < (float)limit && y[i] > (float)-limit ? d[i] : 0;
}
