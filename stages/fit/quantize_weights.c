#include "config.h"

#include <math.h>
#include <string.h>

#include "lib/core/arena.h"
#include "stages/fit/quantize_weights.h"

enum { BYTES_OF_ID = 5, BYTES_OF_WEIGHT = 2, STEPS = 40, BYTE_MOST = 127 };

/* One score on its way into the file. */
struct slot {
	const float *weight;
	double step;		/* of a byte, as a weight */
	double worth;		/* of a weight of 1, in log-odds */
};

struct packing {
	struct slot slot[LINEAR_OUTPUTS];
	size_t slots, columns;
};

static int
byte_of(const struct packing *p, size_t slot, size_t column, double least)
{
	const struct slot *s = &p->slot[slot];
	double w = s->weight != NULL ? (double)s->weight[column] : 0;

	return fabs(w) * s->worth < least ? 0 : (int)lround(w / s->step);
}

/* How many weights a column keeps. */
static size_t
kept(const struct packing *p, size_t column, double least)
{
	size_t n = 0;

	for (size_t s = 0; s < p->slots; s++)
		n += byte_of(p, s, column, least) != 0;
	return n;
}

static size_t
bytes(const struct packing *p, double least)
{
	size_t sum = 0, n;

	for (size_t j = 0; j < p->columns; j++)
		if ((n = kept(p, j, least)) > 0)
			sum += BYTES_OF_ID + n * BYTES_OF_WEIGHT;
	return sum;
}

/* The least worth that makes what is kept small enough. */
static double
find_least(const struct packing *p, size_t room)
{
	double low = 0, high = 0, middle;

	if (bytes(p, 0) <= room)
		return 0;
	for (size_t s = 0; s < p->slots; s++)
		high = fmax(high, p->slot[s].step * (BYTE_MOST + 1) * p->slot[s].worth);
	for (int i = 0; i < STEPS; i++) {
		middle = (low + high) / 2;
		if (bytes(p, middle) <= room)
			high = middle;
		else
			low = middle;
	}
	return high;
}

static void
begin(struct packing *p, struct linear_model *m, const struct cross_validation *s)
{
	p->slots = 2 * m->dimensions;
	p->columns = s->columns;
	for (size_t k = 0; k < p->slots; k++) {
		struct linear_dimension *d = &m->dimension[k / 2];
		struct linear_logit *odds = k % 2 == OUTPUT_ABOUT ? &d->about : &d->pole;
		struct slot *slot = &p->slot[k];
		double most = 0;

		slot->weight = s->final[d->dimension][k % 2].weight;
		for (size_t j = 0; slot->weight != NULL && j < p->columns; j++)
			most = fmax(most, fabs((double)slot->weight[j]));
		slot->step = most > 0 ? most / BYTE_MOST : 1;
		slot->worth = fabs((double)odds->score);
		odds->score = (float)((double)odds->score * slot->step);
	}
}

static void
fill(struct linear_model *m, const struct packing *p, const struct train_features *c,
    double least)
{
	for (size_t j = 0; j < p->columns; j++) {
		if (kept(p, j, least) == 0)
			continue;
		m->id[m->features] = c->id[j];
		m->first[m->features++] = (uint32_t)m->weights;
		for (size_t s = 0; s < p->slots; s++) {
			int w = byte_of(p, s, j, least);

			if (w != 0)
				m->weight[m->weights++] = (struct linear_weight){
					(uint8_t)s, (int8_t)w };
		}
	}
	m->first[m->features] = (uint32_t)m->weights;
}

void
quantize_weights(struct linear_model *m, const struct cross_validation *s,
    const struct train_features *c, size_t size, struct arena *a)
{
	struct packing p = { 0 };
	size_t features = 0, weights = 0, n;
	double least;

	begin(&p, m, s);
	least = find_least(&p, size);
	for (size_t j = 0; j < p.columns; j++) {
		n = kept(&p, j, least);
		features += n > 0;
		weights += n;
	}
	m->id = arena_get(a, (features + 1) * sizeof(*m->id));
	m->first = arena_get(a, (features + 1) * sizeof(*m->first));
	m->weight = arena_get(a, (weights + 1) * sizeof(*m->weight));
	m->features = m->weights = 0;
	fill(m, &p, c, least);
}
