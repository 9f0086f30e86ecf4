#include "config.h"

#include <math.h>

#include "infer/layers.h"

static void
norm_row(enum norm kind, const struct norm_weights *w, double epsilon,
    const float *x, float *y, size_t width)
{
	double mean = 0, square = 0;
	float by, less;

	for (size_t i = 0; kind == NORM_LAYER && i < width; i++)
		mean += (double)x[i];
	mean /= (double)width;
	for (size_t i = 0; i < width; i++)
		square += ((double)x[i] - mean) * ((double)x[i] - mean);
	by = (float)(1 / sqrt(square / (double)width + epsilon));
	less = (float)mean;
	for (size_t i = 0; i < width; i++) {
		float v = (x[i] - less) * by;

		v = w->weight != NULL ? v * w->weight[i] : v;
		y[i] = w->bias != NULL ? v + w->bias[i] : v;
	}
}

void
layer_norm(enum norm kind, const struct norm_weights *w, double epsilon,
    const float *x, float *y, size_t rows, size_t width)
{
	for (size_t r = 0; r < rows; r++)
		norm_row(kind, w, epsilon, x + r * width, y + r * width, width);
}

void
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

void
layer_add(const float *x, float *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] += x[i];
}

void
layer_add_bias(const float *bias, float *y, size_t rows, size_t width)
{
	for (size_t r = 0; bias != NULL && r < rows; r++)
		layer_add(bias, y + r * width, width);
}

static void
turn(float *a, float *b, float cosine, float sine)
{
	float x = *a, y = *b;

	*a = x * cosine - y * sine;
	*b = x * sine + y * cosine;
}

void
layer_rope(const struct model *m, float *x, size_t rows, size_t heads,
    size_t stride, const int32_t *position)
{
	const size_t half = m->rope_size / 2;
	const bool is_pairs = m->positions == POSITIONS_ROPE_PAIRS;

	for (size_t r = 0; r < rows; r++)
		for (size_t i = 0; i < half; i++) {
			double angle = (double)position[r] * (double)m->rope_frequency[i];
			float c = (float)cos(angle) * m->rope_magnitude;
			float s = (float)sin(angle) * m->rope_magnitude;

			for (size_t h = 0; h < heads; h++) {
				float *head = x + r * stride + h * m->head_size;

				if (is_pairs)
					turn(&head[2 * i], &head[2 * i + 1], c, s);
				else
					turn(&head[i], &head[i + half], c, s);
			}
		}
}

static float
activated(enum activation kind, float x)
{
	switch (kind) {
	case ACTIVATION_SILU:
		return x / (1 + expf(-x));
	case ACTIVATION_GELU_TANH:
		return 0.5f * x * (1 + tanhf(0.79788456f * x * (1 + 0.044715f * x * x)));
	case ACTIVATION_GELU_ERF:
		return 0.5f * x * (1 + erff(x * 0.70710678f));
	case ACTIVATION_RELU:
		return x > 0 ? x : 0;
	}
	return x;
}

void
layer_activate(enum activation kind, float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = activated(kind, x[i]);
}

void
layer_gate(enum activation kind, const float *gate, float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] *= activated(kind, gate[i]);
}

void
layer_cap(double cap, float *x, size_t n)
{
	for (size_t i = 0; cap > 0 && i < n; i++)
		x[i] = (float)cap * tanhf(x[i] / (float)cap);
}

void
layer_clamp(double most, float *x, size_t n)
{
	for (size_t i = 0; most > 0 && i < n; i++)
		x[i] = fminf(fmaxf(x[i], (float)-most), (float)most);
}
