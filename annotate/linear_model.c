#include "config.h"

#include <math.h>
#include <string.h>

#include "schema/dimension.h"
#include "annotate/linear_model.h"

/* In the rules: they are right 9 times of 10, so 9 for and 1 against. */
static const double rule_trust = 0.8;

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
	struct top_interests top = { .dimension = -1 };

	for (int i = 0; i < DIMENSIONS; i++) {
		if (x->value[i] <= top.second || !linear_model_is_interest(i))
			continue;
		top.second = x->value[i];
		if (top.second > top.first) {
			top.second = top.first;
			top.first = x->value[i];
			top.dimension = i;
		}
	}
	return top;
}

double
linear_model_other(const struct top_interests *top, int dimension)
{
	if (!linear_model_is_interest(dimension))
		return 0;
	return (dimension == top->dimension ? top->second : top->first) / (double)INTENSITY_FULL;
}

static double
logistic(double x)
{
	return 1 / (1 + exp(-x));
}

static double
log_odds(const struct linear_logit *l, double rule, double other, double score)
{
	return (double)l->bias + (double)l->rule * rule + (double)l->other * other
	    + (double)l->score * score;
}

static void
set(struct intensities *x, int i, double value, double confidence)
{
	x->value[i] = (int8_t)lround(INTENSITY_FULL * value);
	x->confidence[i] = (int8_t)lround(INTENSITY_FULL * confidence);
	if (x->value[i] != 0 && x->confidence[i] == 0)
		x->confidence[i] = 1; /* 0 means that nothing is known */
}

static double
combine_certainty(double u, double v)
{
	if (u * v < 0)
		return (u + v) / (1 - fmin(fabs(u), fabs(v)));
	return copysign(fabs(u) + fabs(v) - u * v, u != 0 ? u : v);
}

static void
judge(const struct linear_dimension *d, double rule, double other, const double score[2],
    struct intensities *x)
{
	double rule_confidence = rule != 0 ? x->confidence[d->dimension] / (double)INTENSITY_FULL
					   : 0;
	double relevance = log_odds(&d->relevance, fabs(rule), other, score[OUTPUT_RELEVANCE]);
	double high = rule < 0 ? 0 : 1; /* probability of pole 1 */
	double value;

	if (d->has_polarity)
		high = logistic(log_odds(&d->polarity, rule, 0, score[OUTPUT_POLARITY]));
	value = logistic(relevance + (double)d->prior_shift) * (2 * high - 1);

	set(x, d->dimension, combine_certainty(rule_trust * rule, value),
	    fmax(rule_confidence, logistic(relevance) * fmax(high, 1 - high)));
}

void
linear_model_apply(const struct linear_model *m, const double score[LINEAR_OUTPUTS],
    struct intensities *x)
{
	const struct intensities rules = *x;
	const struct top_interests top = linear_model_top_interests(&rules);

	for (size_t i = 0; i < m->dimensions; i++) {
		const struct linear_dimension *d = &m->dimension[i];

		judge(d, linear_model_rule(&rules, d->dimension),
		    linear_model_other(&top, d->dimension), &score[2 * i], x);
	}
}
