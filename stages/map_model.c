#include "config.h"

#include <math.h>
#include <string.h>

#include "schema/dimension.h"
#include "stages/map_model.h"

double
map_model_rule(const struct intensities *x, int dimension)
{
	return x->value[dimension] / (double)INTENSITY_FULL;
}

bool
map_model_is_interest(int dimension)
{
	return strcmp(dimension_table[dimension].group, "INT") == 0;
}

double
map_model_other(const struct intensities *x, int dimension)
{
	int most = 0;

	if (!map_model_is_interest(dimension))
		return 0;
	for (int i = 0; i < DIMENSIONS; i++)
		if (i != dimension && x->value[i] > most && map_model_is_interest(i))
			most = x->value[i];
	return most / (double)INTENSITY_FULL;
}

static const uint32_t *
find(const struct map_model *m, uint32_t id)
{
	size_t at = id & (m->slots - 1);

	for (; m->slot[at] != 0; at = (at + 1) & (m->slots - 1))
		if (m->id[m->slot[at] - 1] == id)
			return &m->first[m->slot[at] - 1];
	return NULL;
}

static void
sum(const struct map_model *m, const struct ngrams *text,
    double score[MODEL_SLOTS])
{
	memset(score, 0, MODEL_SLOTS * sizeof(*score));
	for (size_t i = 0; i < text->len; i++) {
		const uint32_t *first = find(m, text->at[i].id);

		if (first == NULL)
			continue;
		for (uint32_t p = first[0]; p < first[1]; p++)
			score[m->posting[p].slot] += (double)text->at[i].value
			    * m->posting[p].weight;
	}
}

static double
logistic(double x)
{
	return 1 / (1 + exp(-x));
}

static double
odds(const struct map_odds *o, double rule, double other, double score)
{
	return (double)o->bias + (double)o->rule * rule
	    + (double)o->other * other + (double)o->score * score;
}

static void
set(struct intensities *x, int i, double value, double confidence)
{
	x->value[i] = (int8_t)lround(INTENSITY_FULL * value);
	x->confidence[i] = (int8_t)lround(INTENSITY_FULL * confidence);
	if (x->value[i] != 0 && x->confidence[i] == 0)
		x->confidence[i] = 1;	/* 0 would say that nothing is known */
}

static void
judge(const struct map_dimension *d, double rule, double other,
    const double score[2], struct intensities *x)
{
	double about = odds(&d->about, fabs(rule), other, score[SCORE_ABOUT]);
	double side = d->has_side
	    ? logistic(odds(&d->side, rule, 0, score[SCORE_SIDE]))
	    : rule < 0 ? 0 : 1;

	set(x, d->dimension, logistic(about + (double)d->balance)
	    * (2 * side - 1), logistic(about) * fmax(side, 1 - side));
}

void
map_model_apply(const struct map_model *m, const struct ngrams *text,
    struct intensities *x)
{
	const struct intensities rules = *x;
	double score[MODEL_SLOTS];

	sum(m, text, score);
	for (size_t i = 0; i < m->dimensions; i++) {
		const struct map_dimension *d = &m->dimension[i];

		judge(d, map_model_rule(&rules, d->dimension),
		    map_model_other(&rules, d->dimension), &score[2 * i], x);
	}
}
