#include "config.h"

#include <math.h>
#include <string.h>

#include "lib/core/arena.h"
#include "stages/fit/quantize_weights.h"

enum { BYTES_OF_FEATURE = 5, BYTES_OF_WEIGHT = 2, SEARCH_STEPS = 40, BYTE_MAX = 127 };

struct quantizer {
	const struct cross_validation *v;
	double step[LINEAR_OUTPUTS]; /* of the quantized weights */
};

/* A weight in steps; 0 if it is below min. */
static int
quantize(const struct quantizer *q, size_t output, size_t feature, double min)
{
	double w = (double)q->v->pole[output].final.weight[feature];

	return fabs(w) < min ? 0 : (int)lround(w / q->step[output]);
}

static size_t
count_weights(const struct quantizer *q, size_t feature, double min)
{
	size_t n = 0;

	for (size_t k = 0; k < q->v->poles; k++)
		n += quantize(q, k, feature, min) != 0;
	return n;
}

static size_t
count_bytes(const struct quantizer *q, double min)
{
	size_t sum = 0, n;

	for (size_t j = 0; j < q->v->set->features; j++)
		if ((n = count_weights(q, j, min)) > 0)
			sum += BYTES_OF_FEATURE + n * BYTES_OF_WEIGHT;
	return sum;
}

/* The lowest min that makes the model small enough, by bisection. */
static double
find_min(const struct quantizer *q, size_t size)
{
	double low = 0, high = 0, middle;

	if (count_bytes(q, 0) <= size)
		return 0;
	for (size_t k = 0; k < q->v->poles; k++)
		high = fmax(high, q->step[k] * (BYTE_MAX + 1));
	for (int i = 0; i < SEARCH_STEPS; i++) {
		middle = (low + high) / 2;
		if (count_bytes(q, middle) <= size)
			high = middle;
		else
			low = middle;
	}
	return high;
}

static void
set_outputs(struct quantizer *q, struct linear_model *m, struct arena *a)
{
	const struct cross_validation *v = q->v;

	m->outputs = v->poles;
	m->output = arena_alloc(a, (v->poles + 1) * sizeof(*m->output));
	for (size_t k = 0; k < v->poles; k++) {
		const struct pole_scores *p = &v->pole[k];
		double max = 0;

		for (size_t j = 0; j < v->set->features; j++)
			max = fmax(max, fabs((double)p->final.weight[j]));
		q->step[k] = max > 0 ? max / BYTE_MAX : 1;
		m->output[k] = (struct linear_output){ (uint8_t)p->dimension, (uint8_t)p->pole,
			(uint32_t)p->positives, (float)p->final.bias, (float)q->step[k] };
	}
}

static void
set_weights(struct linear_model *m, const struct quantizer *q, double min)
{
	for (size_t j = 0; j < q->v->set->features; j++) {
		if (count_weights(q, j, min) == 0)
			continue;
		m->id[m->features] = q->v->set->id[j];
		m->first[m->features++] = (uint32_t)m->weights;
		for (size_t k = 0; k < q->v->poles; k++) {
			int w = quantize(q, k, j, min);

			if (w != 0)
				m->weight[m->weights++] = (struct linear_weight){ (uint8_t)k,
					(int8_t)w };
		}
	}
	m->first[m->features] = (uint32_t)m->weights;
}

void
quantize_weights(struct linear_model *m, const struct cross_validation *v, size_t size,
    struct arena *a)
{
	struct quantizer q = { .v = v };
	size_t features = 0, weights = 0, n;
	double min;

	set_outputs(&q, m, a);
	min = find_min(&q, size);
	for (size_t j = 0; j < v->set->features; j++) {
		n = count_weights(&q, j, min);
		features += n > 0;
		weights += n;
	}
	m->id = arena_alloc(a, (features + 1) * sizeof(*m->id));
	m->first = arena_alloc(a, (features + 1) * sizeof(*m->first));
	m->weight = arena_alloc(a, (weights + 1) * sizeof(*m->weight));
	m->features = m->weights = 0;
	set_weights(m, &q, min);
}
