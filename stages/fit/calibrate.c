#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "stages/fit/auc.h"
#include "stages/fit/calibrate.h"
#include "stages/fit/logistic_regression.h"

static const double least_probability = 0.02; /* of a claim that is listed */

/* What is claimed of a dimension of an example: its likelier pole. */
struct claim {
	float probability;
	int8_t outcome; /* 1: right, -1: the other pole is shown, 0: nothing is */
};

struct claims {
	struct claim *at;
	size_t len, capacity;
};

static bool
is_judged(const struct examples *x, size_t i)
{
	return !x->has_read || x->at[i].is_read;
}

/* One logistic regression for the scores of all poles. */
static void
fit_probabilities(const struct cross_validation *v, struct linear_model *m)
{
	const struct examples *x = v->examples;
	struct logistic_regression r = { 0 };
	double out[LOGISTIC_REGRESSION_INPUTS];

	for (size_t k = 0; k < v->poles; k++)
		for (size_t i = 0; i < x->len; i++) {
			uint8_t label = x->at[i].label[v->pole[k].dimension];
			double input[LOGISTIC_REGRESSION_INPUTS] = { 1,
				(double)v->pole[k].held_out[i] };

			if (is_judged(x, i))
				logistic_regression_add(&r, input, label == v->pole[k].pole);
		}
	logistic_regression_fit(&r, out);
	logistic_regression_release(&r);
	m->intercept = (float)out[0];
	m->slope = (float)out[1];
}

static double
probability(const struct linear_model *m, const struct pole_scores *pole, size_t example)
{
	return 1
	    / (1
		+ exp(-((double)m->slope * (double)pole->held_out[example]
		    + (double)m->intercept)));
}

static void
add_claim(struct claims *c, const struct cross_validation *v, const struct linear_model *m,
    size_t k, size_t example)
{
	const struct pole_scores *pole = &v->pole[k];
	uint8_t label = v->examples->at[example].label[pole->dimension];
	double p = probability(m, pole, example);
	int claimed = pole->pole;

	if (k + 1 < v->poles && pole[1].dimension == pole->dimension) {
		double other = probability(m, &pole[1], example);

		if (other >= p) {
			p = other;
			claimed = !claimed;
		}
	}
	if (p < least_probability)
		return;
	c->at = arena_grow_array(c->at, c->len, &c->capacity, sizeof(*c->at));
	c->at[c->len++] = (struct claim){ (float)p,
		label == LABEL_NEUTRAL ? 0
		    : label == claimed ? 1
				       : -1 };
}

static int
by_probability(const void *va, const void *vb)
{
	const struct claim *a = va, *b = vb;

	if (a->probability != b->probability)
		return a->probability > b->probability ? -1 : 1;
	return a->outcome - b->outcome;
}

/* All claims, the likeliest first; counts the labels, also of poles without a classifier. */
static struct claims
list_claims(const struct cross_validation *v, const struct linear_model *m,
    struct calibrate_quality *q)
{
	const struct examples *x = v->examples;
	struct claims c = { 0 };

	for (size_t i = 0; i < x->len; i++) {
		if (!is_judged(x, i))
			continue;
		q->examples++;
		for (int d = 0; d < DIMENSIONS; d++)
			q->labels += x->at[i].label[d] < LABEL_NEUTRAL;
		for (size_t k = 0; k < v->poles; k++)
			if (k == 0 || v->pole[k - 1].dimension != v->pole[k].dimension)
				add_claim(&c, v, m, k, i);
	}
	if (c.len > 0)
		qsort(c.at, c.len, sizeof(*c.at), by_probability);
	return c;
}

/* For each precision the lowest probability such that the claims down to it are right that
 * often; 1 if they never are. */
static void
find_thresholds(const struct claims *c, struct linear_model *m)
{
	double right = 0;

	for (int k = 0; k < LINEAR_THRESHOLDS; k++)
		m->threshold[k] = 1;
	for (size_t i = 0; i < c->len; i++) {
		right += c->at[i].outcome == 1;
		if (i + 1 < c->len && c->at[i + 1].probability >= c->at[i].probability)
			continue; /* tied with the next */
		for (int k = 0; k < LINEAR_THRESHOLDS; k++)
			if (right >= k / (double)LINEAR_THRESHOLDS * (double)(i + 1))
				m->threshold[k] = c->at[i].probability;
	}
	for (int k = 1; k < LINEAR_THRESHOLDS; k++)
		m->threshold[k] = fmaxf(m->threshold[k], m->threshold[k - 1]);
}

static void
find_curve(const struct claims *c, struct calibrate_quality *q)
{
	size_t right = 0, against = 0, tenth;
	int k = 0;

	for (int i = 0; i < CURVE_POINTS; i++)
		q->curve[i] = (struct calibrate_point){ (i + 2) / 20.0, NAN, NAN, NAN };
	for (size_t i = 0; i < c->len; i++) {
		right += c->at[i].outcome == 1;
		against += c->at[i].outcome == -1;
		while (k < CURVE_POINTS && (double)right >= q->curve[k].found * (double)q->labels) {
			q->curve[k].right = (double)right / (double)(i + 1);
			q->curve[k].contradicted = (double)against / (double)(i + 1);
			q->curve[k++].probability = (double)c->at[i].probability;
		}
		tenth = (size_t)((double)c->at[i].probability * CALIBRATE_TENTHS);
		tenth = tenth < CALIBRATE_TENTHS ? tenth : CALIBRATE_TENTHS - 1;
		q->claims[tenth]++;
		q->right[tenth] += c->at[i].outcome == 1;
	}
	for (int i = 0; i < CALIBRATE_TENTHS; i++)
		q->right[i] /= fmax(1, (double)q->claims[i]);
}

static double
auc_of(const struct cross_validation *v, const struct pole_scores *pole)
{
	const struct examples *x = v->examples;
	double *score = arena_calloc(x->len + 1, sizeof(*score)), area;
	bool *is_positive = arena_calloc(x->len + 1, sizeof(*is_positive));
	size_t n = 0;

	for (size_t i = 0; i < x->len; i++) {
		uint8_t label = x->at[i].label[pole->dimension];

		if (!examples_know(x, &x->at[i], pole->dimension))
			continue;
		score[n] = (double)pole->held_out[i];
		is_positive[n++] = label == pole->pole;
	}
	area = auc(score, is_positive, n);
	free(score);
	free(is_positive);
	return area;
}

void
calibrate(const struct cross_validation *v, struct linear_model *m,
    struct calibrate_quality *quality)
{
	struct claims c;

	*quality = (struct calibrate_quality){ 0 };
	fit_probabilities(v, m);
	c = list_claims(v, m, quality);
	find_thresholds(&c, m);
	find_curve(&c, quality);
	for (size_t k = 0; k < v->poles; k++)
		quality->auc[k] = auc_of(v, &v->pole[k]);
	free(c.at);
}
