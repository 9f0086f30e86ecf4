#include "config.h"

#include <math.h>
#include <string.h>

#include "schema/dimension.h"
#include "annotate/linear_model.h"

/* In the rules: they are right in nine of ten cases in which they speak, which makes nine
 * for and one against. */
static const double trust = 0.8;

double
linear_model_rule(const struct intensities *x, int dimension)
{
	return x->value[dimension] / (double)INTENSITY_FULL;
}

bool
linear_model_is_interest(int dimension)
{
	return strcmp(dimension_table[dimension].group, "INT") == 0;
}

struct top_interests
linear_model_top_interests(const struct intensities *x)
{
	struct top_interests o = { .dimension = -1 };

	for (int i = 0; i < DIMENSIONS; i++) {
		if (x->value[i] <= o.second || !linear_model_is_interest(i))
			continue;
		o.second = x->value[i];
		if (o.second > o.most) {
			o.second = o.most;
			o.most = x->value[i];
			o.dimension = i;
		}
	}
	return o;
}

double
linear_model_other(const struct top_interests *o, int dimension)
{
	if (!linear_model_is_interest(dimension))
		return 0;
	return (dimension == o->dimension ? o->second : o->most)
	    / (double)INTENSITY_FULL;
}

static double
logistic(double x)
{
	return 1 / (1 + exp(-x));
}

static double
odds(const struct linear_logit *o, double rule, double other, double score)
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

/* Two certainty factors in one. */
static double
join(double u, double v)
{
	if (u * v < 0)
		return (u + v) / (1 - fmin(fabs(u), fabs(v)));
	return copysign(fabs(u) + fabs(v) - u * v, u != 0 ? u : v);
}

static void
judge(const struct linear_dimension *d, double rule, double other,
    const double score[2], struct intensities *x)
{
	double heard = rule != 0 ? x->confidence[d->dimension] / (double)INTENSITY_FULL : 0;
	double about = odds(&d->about, fabs(rule), other, score[OUTPUT_ABOUT]);
	double side = d->has_side
	    ? logistic(odds(&d->side, rule, 0, score[OUTPUT_POLE]))
	    : rule < 0 ? 0 : 1;

	set(x, d->dimension, join(trust * rule, logistic(about + (double)d->balance)
	    * (2 * side - 1)), fmax(heard, logistic(about) * fmax(side, 1 - side)));
}

void
linear_model_apply(const struct linear_model *m, const double score[LINEAR_OUTPUTS],
    struct intensities *x)
{
	const struct intensities rules = *x;
	const struct top_interests others = linear_model_top_interests(&rules);

	for (size_t i = 0; i < m->dimensions; i++) {
		const struct linear_dimension *d = &m->dimension[i];

		judge(d, linear_model_rule(&rules, d->dimension),
		    linear_model_other(&others, d->dimension), &score[2 * i], x);
	}
}
