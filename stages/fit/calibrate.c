#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "stages/fit/auc.h"
#include "stages/fit/calibrate.h"
#include "stages/fit/logistic_regression.h"

enum { BIAS, RULE, OTHER, SCORE }; /* the inputs of the log-odds */

/* Interests without examples use the shared coefficients if so many dimensions share them. */
enum { SHARING_MIN = 8 };

/* Values assume that one text in eight is about a dimension: with an even prior, a text of
 * which nothing is known would get half of everything. */
static const double prior_log_odds = 2;

/* The scores of negative examples. */
struct score_scale {
	double mean, deviation;
};

struct calibration {
	const struct cross_validation *v;
	struct logistic_regression shared; /* of the dimensions that share their coefficients */
	struct logistic_regression shared_rules; /* the same without scores */
	int sharing;                             /* number of these dimensions */
	struct score_scale scale[DIMENSIONS][2];
	struct calibrate_quality *quality;
};

static void
count_examples(const struct examples *x, int d, struct calibrate_quality *q)
{
	uint8_t *is_seen = arena_calloc(x->groups + 1, 1);

	*q = (struct calibrate_quality){ .rules = { NAN, NAN }, .model = { NAN, NAN } };
	for (size_t i = 0; i < x->len; i++) {
		const struct example *one = &x->at[i];

		if (one->label[d] == LABEL_NEUTRAL)
			continue;
		(*(one->label[d] == LABEL_HIGH ? &q->high : &q->low))++;
		if (one->is_grouped && !is_seen[one->group]) {
			is_seen[one->group] = 1;
			q->groups++;
		}
	}
	q->is_shared = q->groups > 0 && q->groups < CALIBRATE_GROUPS_FEW;
	free(is_seen);
}

static struct score_scale
measure_scale(const struct cross_validation *v, int d, enum linear_output output)
{
	const float *score = v->held_out[d][output];
	double sum = 0, squares = 0, n = 0;

	for (size_t i = 0; score != NULL && i < v->examples->len; i++)
		if (!isnan(score[i]) && cross_validate_class(&v->examples->at[i], d, output) != 1) {
			sum += (double)score[i];
			squares += (double)score[i] * (double)score[i];
			n++;
		}
	if (n < 2)
		return (struct score_scale){ 0, 1 };
	sum /= n;
	return (struct score_scale){ sum, sqrt(fmax(squares / n - sum * sum, 1e-12)) };
}

/* Are the log-odds of a dimension fitted on this example?  Those of poles on single texts,
 * if these show both poles; shared ones only on positive examples of communities. */
static bool
is_used(const struct calibration *c, const struct example *one, int d, enum linear_output output,
    bool has_singles)
{
	if (cross_validate_class(one, d, output) < 0)
		return false;
	if (output == OUTPUT_POLARITY)
		return !has_singles || !one->is_grouped;
	return one->is_grouped || !c->quality[d].is_shared || one->label[d] == LABEL_NEUTRAL;
}

/* Do single texts show both poles? */
static bool
has_both_poles(const struct examples *x, int d)
{
	bool has[3] = { false };

	for (size_t i = 0; i < x->len; i++)
		if (!x->at[i].is_grouped)
			has[x->at[i].label[d]] = true;
	return has[LABEL_LOW] && has[LABEL_HIGH];
}

static void
set_inputs(const struct example *one, int d, enum linear_output output, double score,
    double x[LOGISTIC_REGRESSION_INPUTS])
{
	const struct top_interests top = linear_model_top_interests(&one->rules);
	double rule = linear_model_rule(&one->rules, d);

	x[BIAS] = 1;
	x[RULE] = output == OUTPUT_RELEVANCE ? fabs(rule) : rule;
	x[OTHER] = output == OUTPUT_RELEVANCE ? linear_model_other(&top, d) : 0;
	x[SCORE] = score;
}

/* Adds the held-out examples of a dimension. */
static void
add_examples(const struct calibration *c, int d, enum linear_output output, bool has_score,
    struct logistic_regression *to)
{
	const struct examples *examples = c->v->examples;
	const float *score = c->v->held_out[d][output];
	const struct score_scale *scale = &c->scale[d][output];
	bool has_singles = output == OUTPUT_POLARITY && has_both_poles(examples, d);
	double x[LOGISTIC_REGRESSION_INPUTS];

	for (size_t i = 0; i < examples->len; i++) {
		const struct example *one = &examples->at[i];

		if (!is_used(c, one, d, output, has_singles)
		    || (has_score && (score == NULL || isnan(score[i]))))
			continue;
		set_inputs(one, d, output,
		    has_score ? ((double)score[i] - scale->mean) / scale->deviation : 0, x);
		logistic_regression_add(to, x, cross_validate_class(one, d, output) == 1);
	}
}

/* The coefficients for a plain sum of weights: scale and bias of the score become part of
 * them. */
static struct linear_logit
make_logit(const struct calibration *c, int d, enum linear_output output,
    const double w[LOGISTIC_REGRESSION_INPUTS])
{
	const struct score_scale *scale = &c->scale[d][output];
	const struct classifier *final = &c->v->final[d][output];
	double slope = final->weight != NULL ? w[SCORE] / scale->deviation : 0;

	return (struct linear_logit){ (float)(w[BIAS] + slope * (final->bias - scale->mean)),
		(float)w[RULE], (float)w[OTHER], (float)slope };
}

/* The AUC of the rules, and of the log-odds. */
static void
measure_quality(const struct logistic_regression *o, const double w[LOGISTIC_REGRESSION_INPUTS],
    struct calibrate_quality *q, enum linear_output output)
{
	double *rules = arena_calloc(2 * o->len + 1, sizeof(*rules)), *model = rules + o->len;

	for (size_t i = 0; i < o->len; i++) {
		rules[i] = o->x[i][RULE];
		for (int k = 0; k < LOGISTIC_REGRESSION_INPUTS; k++)
			model[i] += w[k] * o->x[i][k];
	}
	q->rules[output] = auc(rules, o->is_positive, o->len);
	q->model[output] = auc(model, o->is_positive, o->len);
	free(rules);
}

/* Uses the shared coefficients, or fits those of the dimension. */
static struct linear_logit
fit_logit(const struct calibration *c, int d, enum linear_output output, const double *shared,
    float *prior_shift)
{
	struct logistic_regression own = { 0 };
	double w[LOGISTIC_REGRESSION_INPUTS];

	add_examples(c, d, output, true, &own);
	if (shared != NULL)
		memcpy(w, shared, sizeof(w));
	else
		logistic_regression_fit(&own, w);
	measure_quality(&own, w, &c->quality[d], output);
	*prior_shift = (float)(logistic_regression_prior_shift(shared != NULL ? &c->shared_rules
									      : &own)
	    - prior_log_odds);
	logistic_regression_release(&own);
	return make_logit(c, d, output, w);
}

static void
prepare(struct calibration *c)
{
	for (int d = 0; d < DIMENSIONS; d++) {
		struct calibrate_quality *q = &c->quality[d];

		count_examples(c->v->examples, d, q);
		for (int output = 0; output < 2; output++)
			c->scale[d][output] = measure_scale(c->v, d, (enum linear_output)output);
		if (!q->is_shared || c->v->held_out[d][OUTPUT_RELEVANCE] == NULL)
			continue;
		c->sharing++;
		add_examples(c, d, OUTPUT_RELEVANCE, false, &c->shared_rules);
		if (q->groups > 1)
			add_examples(c, d, OUTPUT_RELEVANCE, true, &c->shared);
	}
}

/* False: nothing is known of the dimension. */
static bool
calibrate_dimension(const struct calibration *c, int d,
    const double shared[LOGISTIC_REGRESSION_INPUTS],
    const double shared_rules[LOGISTIC_REGRESSION_INPUTS], struct linear_dimension *out)
{
	const struct cross_validation *v = c->v;
	bool has_score = v->held_out[d][OUTPUT_RELEVANCE] != NULL,
	     is_shared = has_score ? c->quality[d].is_shared
				   : c->sharing >= SHARING_MIN && linear_model_is_interest(d);
	float unused;

	*out = (struct linear_dimension){ .dimension = (uint8_t)d };
	if (is_shared)
		out->relevance = fit_logit(c, d, OUTPUT_RELEVANCE,
		    has_score && c->shared.len > 0 ? shared : shared_rules, &out->prior_shift);
	else if (has_score)
		out->relevance = fit_logit(c, d, OUTPUT_RELEVANCE, NULL, &out->prior_shift);
	else if (v->held_out[d][OUTPUT_POLARITY] == NULL)
		return false;
	else /* every example is about it: there are no negatives to learn from */
		out->relevance.bias = 20;
	if (v->held_out[d][OUTPUT_POLARITY] != NULL) {
		out->has_polarity = true;
		out->polarity = fit_logit(c, d, OUTPUT_POLARITY, NULL, &unused);
	}
	return true;
}

void
calibrate(const struct cross_validation *v, struct linear_dimension out[DIMENSIONS], size_t *n,
    struct calibrate_quality quality[DIMENSIONS])
{
	struct calibration c = { .v = v, .quality = quality };
	double shared[LOGISTIC_REGRESSION_INPUTS], shared_rules[LOGISTIC_REGRESSION_INPUTS];

	prepare(&c);
	logistic_regression_fit(&c.shared, shared);
	logistic_regression_fit(&c.shared_rules, shared_rules);
	*n = 0;
	for (int d = 0; d < DIMENSIONS; d++)
		if (calibrate_dimension(&c, d, shared, shared_rules, &out[*n]))
			(*n)++;
	logistic_regression_release(&c.shared);
	logistic_regression_release(&c.shared_rules);
}
