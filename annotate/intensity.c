#include "config.h"

#include <math.h>
#include <string.h>

#include "schema/dimension.h"
#include "annotate/intensity.h"

/* The sum of a geometric series: what n hits are worth, in single hits. */
static double
sum_hits(double repeat, int64_t hits)
{
	double sum = 0, term = 1;

	for (int64_t i = 0; i < hits; i++) {
		sum += term;
		term *= repeat;
	}
	return sum;
}

/* Rounds halves away from zero. */
static int8_t
hundredths(double x)
{
	const double full = INTENSITY_FULL * x;
	const int whole = (int)full;
	const double rest = full - whole;

	return (int8_t)(whole + (rest >= 0.5) - (rest <= -0.5));
}

static void
weigh(const struct weights *w, double sum, double all, int8_t *value, int8_t *confidence)
{
	double certainty = weights_look_up(w, WEIGHTS_CERTAINTY);
	double conflict = weights_look_up(w, WEIGHTS_CONFLICT);

	*confidence = hundredths((1 - exp(-certainty * all))
	    * (1 - conflict * (1 - fabs(sum) / all)));
	*value = *confidence == 0
	    ? 0
	    : hundredths(sum / (weights_look_up(w, WEIGHTS_SCALE) + fabs(sum)));
}

double
intensity_evidence(const struct weights *w, const struct signal *s)
{
	double e = s->weight * weights_factor(w, &s->rule)
	    * sum_hits(weights_look_up(w, WEIGHTS_REPEAT), s->count);

	return s->pole == 1 ? e : -e;
}

void
intensity_from_signals(const struct weights *w, const struct list *signals, struct intensities *out)
{
	double sum[DIMENSIONS] = { 0 }, all[DIMENSIONS] = { 0 }, most[DIMENSIONS][2] = { { 0 } };
	int kind[DIMENSIONS][2] = { { EVIDENCE_NONE } };
	const struct signal *s = signals->item;

	for (size_t i = 0; i < signals->len; i++) {
		double e = intensity_evidence(w, &s[i]);

		all[s[i].dimension] += fabs(e);
		sum[s[i].dimension] += e;
		if (fabs(e) > most[s[i].dimension][s[i].pole]) {
			most[s[i].dimension][s[i].pole] = fabs(e);
			kind[s[i].dimension][s[i].pole] = s[i].evidence;
		}
	}
	memset(out->value, 0, sizeof(out->value));
	memset(out->confidence, 0, sizeof(out->confidence));
	memset(out->evidence, EVIDENCE_NONE, sizeof(out->evidence));
	for (int i = 0; i < DIMENSIONS; i++)
		if (all[i] > 0) {
			weigh(w, sum[i], all[i], &out->value[i], &out->confidence[i]);
			if (out->value[i] != 0)
				out->evidence[i] = (int8_t)kind[i][out->value[i] > 0];
		}
	MESSAGE_SET(&intensities_descriptor, out, evidence);
}

static void
rate(struct intensities *out, const char *key, double value)
{
	int i = dimension_find(key, strlen(key));

	out->value[i] = hundredths(value);
	out->confidence[i] = INTENSITY_FULL;
	out->evidence[i] = EVIDENCE_RATED;
}

void
intensity_from_ratings(const struct ratings *r, struct intensities *out)
{
	const struct descriptor *d = &ratings_descriptor;

#define RATE(member, key, value) \
	do { \
		if (MESSAGE_HAS(d, r, member)) \
			rate(out, key, value); \
	} while (0)
	RATE(harmlessness, "harmlessness", r->harmlessness);
	RATE(instruction_following, "instruction-following", r->instruction_following);
	RATE(honesty, "honesty", r->honesty);
	RATE(truthfulness, "truthfulness", r->truthfulness);
	RATE(helpfulness, "helpfulness", r->helpfulness);
	RATE(coherence, "coherence", r->coherence);
	RATE(complexity, "complexity", r->complexity);
	/* pole 1 is concise */
	RATE(verbosity, "communication-style", -r->verbosity);
#undef RATE
}
