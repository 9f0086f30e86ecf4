#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "annotate/linear_model.h"

enum { CLAIM = 1000 /* value times confidence, in ten-thousandths, is above this for a claim */ };
static const double threshold_min = 0.11;
static const double log_odds_min = -5.3; /* a probability that rounds to 0 */

double
linear_model_threshold(const struct linear_model *m, double precision)
{
	double at = precision * LINEAR_THRESHOLDS;
	int i = at >= LINEAR_THRESHOLDS - 1 ? LINEAR_THRESHOLDS - 2 : (int)at;
	double low = (double)m->threshold[i], high = (double)m->threshold[i + 1];

	return fmax(threshold_min, low + (high - low) * fmin(1, at - i));
}

static double
log_odds(const struct linear_model *m, size_t output, double score)
{
	return (double)m->slope * ((double)m->output[output].bias + score) + (double)m->intercept;
}

double
linear_model_probability(const struct linear_model *m, size_t output, double score)
{
	return 1 / (1 + exp(-log_odds(m, output, score)));
}

void
linear_model_set(struct intensities *x, int dimension, int pole, double probability,
    double threshold)
{
	bool is_claim = probability >= threshold;
	int confidence = (int)(INTENSITY_FULL * probability + 0.5);
	int value = (int)(INTENSITY_FULL * fmin(1, probability / (10 * threshold * threshold))
	    + 0.5);

	while (is_claim && value * confidence <= CLAIM)
		value < INTENSITY_FULL ? value++ : confidence++;
	while (!is_claim && value * confidence > CLAIM)
		value--;
	if (confidence == 0)
		value = 0;
	x->value[dimension] = (int8_t)(pole == 1 ? value : -value);
	x->confidence[dimension] = (int8_t)confidence;
}

void
linear_model_apply(const struct linear_model *m, const double score[LINEAR_OUTPUTS],
    double threshold, struct intensities *x)
{
	memset(x->value, 0, sizeof(x->value));
	memset(x->confidence, 0, sizeof(x->confidence));
	for (size_t i = 0; i < m->outputs; i++) {
		const struct linear_output *o = &m->output[i];
		double z = log_odds(m, i, score[i]);
		int pole = o->pole;

		if (i + 1 < m->outputs && o[1].dimension == o->dimension) {
			double other = log_odds(m, i + 1, score[i + 1]);

			i++;
			if (other >= z) {
				z = other;
				pole = !pole;
			}
		}
		if (z > log_odds_min)
			linear_model_set(x, o->dimension, pole, 1 / (1 + exp(-z)), threshold);
	}
}

int
linear_model_find(const struct linear_model *m, int dimension, int pole)
{
	for (size_t i = 0; i < m->outputs; i++)
		if (m->output[i].dimension == dimension && m->output[i].pole == pole)
			return (int)i;
	return -1;
}

void
linear_model_add_rules(const struct intensities *rules, double threshold, struct intensities *x)
{
	for (int i = 0; i < DIMENSIONS; i++) {
		const bool is_claim = abs(x->value[i]) * x->confidence[i] > CLAIM;
		const bool is_said = rules->evidence[i] == EVIDENCE_SAID;
		const double p = threshold * rules->confidence[i] / (INTENSITY_FULL + 1);
		const bool is_opposite = (rules->value[i] > 0) != (x->value[i] > 0);

		if (rules->value[i] == 0 || (is_claim && !(is_said && is_opposite)))
			continue;
		if (is_claim || INTENSITY_FULL * p > x->confidence[i])
			linear_model_set(x, i, rules->value[i] > 0, p, threshold);
	}
}
