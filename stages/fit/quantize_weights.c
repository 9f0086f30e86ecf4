#include "config.h"

#include <math.h>
#include <string.h>

#include "lib/core/arena.h"
#include "stages/fit/quantize_weights.h"

enum { BYTES_OF_FEATURE = 5, BYTES_OF_WEIGHT = 2, SEARCH_STEPS = 40, BYTE_MAX = 127 };

/* The weights of one output of the model. */
struct quantizer_output {
	const float *weight;
	double step;     /* of the quantized weights */
	double log_odds; /* of a weight of 1 */
};

struct quantizer {
	struct quantizer_output output[LINEAR_OUTPUTS];
	size_t outputs, features;
};

/* A weight in steps; 0 if it changes the log-odds by less than min. */
static int
quantize(const struct quantizer *q, size_t output, size_t feature, double min)
{
	const struct quantizer_output *o = &q->output[output];
	double w = o->weight != NULL ? (double)o->weight[feature] : 0;

	return fabs(w) * o->log_odds < min ? 0 : (int)lround(w / o->step);
}

static size_t
count_weights(const struct quantizer *q, size_t feature, double min)
{
	size_t n = 0;

	for (size_t k = 0; k < q->outputs; k++)
		n += quantize(q, k, feature, min) != 0;
	return n;
}

static size_t
count_bytes(const struct quantizer *q, double min)
{
	size_t sum = 0, n;

	for (size_t j = 0; j < q->features; j++)
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
	for (size_t k = 0; k < q->outputs; k++)
		high = fmax(high, q->output[k].step * (BYTE_MAX + 1) * q->output[k].log_odds);
	for (int i = 0; i < SEARCH_STEPS; i++) {
		middle = (low + high) / 2;
		if (count_bytes(q, middle) <= size)
			high = middle;
		else
			low = middle;
	}
	return high;
}

/* Finds the step of each output, and puts it into the coefficient of the score. */
static void
find_steps(struct quantizer *q, struct linear_model *m, const struct cross_validation *v)
{
	q->outputs = 2 * m->dimensions;
	q->features = v->features;
	for (size_t k = 0; k < q->outputs; k++) {
		struct linear_dimension *d = &m->dimension[k / 2];
		struct linear_logit *logit = k % 2 == OUTPUT_RELEVANCE ? &d->relevance
								       : &d->polarity;
		struct quantizer_output *o = &q->output[k];
		double max = 0;

		o->weight = v->final[d->dimension][k % 2].weight;
		for (size_t j = 0; o->weight != NULL && j < q->features; j++)
			max = fmax(max, fabs((double)o->weight[j]));
		o->step = max > 0 ? max / BYTE_MAX : 1;
		o->log_odds = fabs((double)logit->score);
		logit->score = (float)((double)logit->score * o->step);
	}
}

static void
set_weights(struct linear_model *m, const struct quantizer *q, const struct train_features *f,
    double min)
{
	for (size_t j = 0; j < q->features; j++) {
		if (count_weights(q, j, min) == 0)
			continue;
		m->id[m->features] = f->id[j];
		m->first[m->features++] = (uint32_t)m->weights;
		for (size_t k = 0; k < q->outputs; k++) {
			int w = quantize(q, k, j, min);

			if (w != 0)
				m->weight[m->weights++] = (struct linear_weight){ (uint8_t)k,
					(int8_t)w };
		}
	}
	m->first[m->features] = (uint32_t)m->weights;
}

void
quantize_weights(struct linear_model *m, const struct cross_validation *v,
    const struct train_features *f, size_t size, struct arena *a)
{
	struct quantizer q = { 0 };
	size_t features = 0, weights = 0, n;
	double min;

	find_steps(&q, m, v);
	min = find_min(&q, size);
	for (size_t j = 0; j < q.features; j++) {
		n = count_weights(&q, j, min);
		features += n > 0;
		weights += n;
	}
	m->id = arena_alloc(a, (features + 1) * sizeof(*m->id));
	m->first = arena_alloc(a, (features + 1) * sizeof(*m->first));
	m->weight = arena_alloc(a, (weights + 1) * sizeof(*m->weight));
	m->features = m->weights = 0;
	set_weights(m, &q, f, min);
}
