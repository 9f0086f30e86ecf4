#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "stages/fit/auc.h"
#include "stages/fit/calibrate.h"
#include "stages/fit/log_odds.h"

enum { BIAS, RULE, OTHER, SCORE };

/* Interests that have no texts of their own take part if so many have. */
enum { SHARING_LEAST = 8 };

/* Values take one text in eight to be about a dimension: that nothing is known must
 * not look like half of everything. */
static const double rarity = 2;

/* A score on rows that are about nothing: where it lies, and how widely. */
struct spread {
	double mean, deviation;
};

struct blend {
	const struct cross_validation *scores;
	struct log_odds all;		/* of the dimensions that share, with a score */
	struct log_odds plain;		/* and without */
	int sharing;			/* how many dimensions these are from */
	struct spread spread[DIMENSIONS][2];
	struct calibrate_quality *quality;
};

static void
count(const struct examples *rows, int d, struct calibrate_quality *q)
{
	uint8_t *is_seen = calloc(rows->groups + 1, 1);

	if (is_seen == NULL)
		arena_exhausted();
	*q = (struct calibrate_quality){ .rules = { NAN, NAN }, .model = { NAN, NAN } };
	for (size_t i = 0; i < rows->len; i++) {
		const struct example *row = &rows->at[i];

		if (row->label[d] == LABEL_NEUTRAL)
			continue;
		(*(row->label[d] == LABEL_HIGH ? &q->high : &q->low))++;
		if (row->has_name && !is_seen[row->group]) {
			is_seen[row->group] = 1;
			q->groups++;
		}
	}
	q->is_shared = q->groups > 0 && q->groups < CALIBRATE_GROUPS_FEW;
	free(is_seen);
}

static struct spread
spread_of(const struct cross_validation *s, int d, int which)
{
	const float *held = s->held[d][which];
	double sum = 0, squares = 0, n = 0;

	for (size_t i = 0; held != NULL && i < s->rows->len; i++)
		if (!isnan(held[i]) && cross_validate_label(&s->rows->at[i], d,
		    (enum linear_output)which) != 1) {
			sum += (double)held[i];
			squares += (double)held[i] * (double)held[i];
			n++;
		}
	if (n < 2)
		return (struct spread){ 0, 1 };
	sum /= n;
	return (struct spread){ sum, sqrt(fmax(squares / n - sum * sum, 1e-12)) };
}

/* Is this a row that the odds of a dimension are found on?  Where communities
 * share, theirs alone; of poles, those of single texts, if there are. */
static bool
is_used(const struct blend *b, const struct example *row, int d, int which,
    bool has_singles)
{
	if (cross_validate_label(row, d, (enum linear_output)which) < 0)
		return false;
	if (which == OUTPUT_POLE)
		return !has_singles || !row->has_name;
	return row->has_name || !b->quality[d].is_shared
	    || row->label[d] == LABEL_NEUTRAL;
}

/* Are both poles shown by rows that stand alone? */
static bool
has_singles(const struct examples *rows, int d)
{
	bool has[3] = { false };

	for (size_t i = 0; i < rows->len; i++)
		if (!rows->at[i].has_name)
			has[rows->at[i].label[d]] = true;
	return has[LABEL_LOW] && has[LABEL_HIGH];
}

static void
measure(const struct example *row, int d, int which, double score,
    double x[LOG_ODDS_INPUTS])
{
	const struct top_interests others = linear_model_top_interests(&row->rules);
	double rule = linear_model_rule(&row->rules, d);

	x[BIAS] = 1;
	x[RULE] = which == OUTPUT_ABOUT ? fabs(rule) : rule;
	x[OTHER] = which == OUTPUT_ABOUT ? linear_model_other(&others, d) : 0;
	x[SCORE] = score;
}

/* Adds the rows of a dimension that were held out. */
static void
add_rows(const struct blend *b, int d, int which, bool has_score,
    struct log_odds *to)
{
	const struct examples *rows = b->scores->rows;
	const float *held = b->scores->held[d][which];
	const struct spread *spread = &b->spread[d][which];
	bool singles = which == OUTPUT_POLE && has_singles(rows, d);
	double x[LOG_ODDS_INPUTS];

	for (size_t i = 0; i < rows->len; i++) {
		if (!is_used(b, &rows->at[i], d, which, singles)
		    || (has_score && (held == NULL || isnan(held[i]))))
			continue;
		measure(&rows->at[i], d, which, has_score
		    ? ((double)held[i] - spread->mean) / spread->deviation : 0, x);
		log_odds_add(to, x, cross_validate_label(&rows->at[i], d,
		    (enum linear_output)which) == 1);
	}
}

/* The spread and the score's own bias go into the odds, so that what is left is
 * for the sum of weights. */
static struct linear_logit
settle(const struct blend *b, int d, int which, const double w[LOG_ODDS_INPUTS])
{
	const struct spread *spread = &b->spread[d][which];
	const struct classifier *final = &b->scores->final[d][which];
	double slope = final->weight != NULL ? w[SCORE] / spread->deviation : 0;

	return (struct linear_logit){ (float)(w[BIAS] + slope
	    * (final->bias - spread->mean)), (float)w[RULE], (float)w[OTHER],
	    (float)slope };
}

/* How well rows held out are told apart, by the rules and by the odds. */
static void
judge(const struct log_odds *o, const double w[LOG_ODDS_INPUTS],
    struct calibrate_quality *q, int which)
{
	double *rules = calloc(2 * o->len + 1, sizeof(*rules)), *model;

	if (rules == NULL)
		arena_exhausted();
	model = rules + o->len;
	for (size_t i = 0; i < o->len; i++) {
		rules[i] = o->x[i][RULE];
		for (int k = 0; k < LOG_ODDS_INPUTS; k++)
			model[i] += w[k] * o->x[i][k];
	}
	q->rules[which] = auc(rules, o->is_yes, o->len);
	q->model[which] = auc(model, o->is_yes, o->len);
	free(rules);
}

/* Odds of a dimension of its own, or by what it shares with others. */
static struct linear_logit
find_odds(const struct blend *b, int d, int which, const double *shared,
    float *prior_shift)
{
	struct log_odds own = { 0 };
	double w[LOG_ODDS_INPUTS];

	add_rows(b, d, which, true, &own);
	if (shared != NULL)
		memcpy(w, shared, sizeof(w));
	else
		log_odds_fit(&own, w);
	judge(&own, w, &b->quality[d], which);
	*prior_shift = (float)(log_odds_prior(shared != NULL ? &b->plain : &own)
	    - rarity);
	log_odds_release(&own);
	return settle(b, d, which, w);
}

static void
prepare(struct blend *b)
{
	for (int d = 0; d < DIMENSIONS; d++) {
		struct calibrate_quality *q = &b->quality[d];

		count(b->scores->rows, d, q);
		for (int which = 0; which < 2; which++)
			b->spread[d][which] = spread_of(b->scores, d, which);
		if (!q->is_shared || b->scores->held[d][OUTPUT_ABOUT] == NULL)
			continue;
		b->sharing++;
		add_rows(b, d, OUTPUT_ABOUT, false, &b->plain);
		if (q->groups > 1)
			add_rows(b, d, OUTPUT_ABOUT, true, &b->all);
	}
}

static bool
blend_one(const struct blend *b, int d, const double all[LOG_ODDS_INPUTS],
    const double plain[LOG_ODDS_INPUTS], struct linear_dimension *out)
{
	const struct cross_validation *s = b->scores;
	bool has_score = s->held[d][OUTPUT_ABOUT] != NULL, is_shared = has_score
	    ? b->quality[d].is_shared
	    : b->sharing >= SHARING_LEAST && linear_model_is_interest(d);
	float unused;

	*out = (struct linear_dimension){ .dimension = (uint8_t)d };
	if (is_shared)
		out->about = find_odds(b, d, OUTPUT_ABOUT, has_score && b->all.len > 0
		    ? all : plain, &out->prior_shift);
	else if (has_score)
		out->about = find_odds(b, d, OUTPUT_ABOUT, NULL, &out->prior_shift);
	else if (s->held[d][OUTPUT_POLE] == NULL)
		return false;
	else	/* every row is about it: nothing tells what is not */
		out->about.bias = 20;
	if (s->held[d][OUTPUT_POLE] != NULL) {
		out->has_pole = true;
		out->pole = find_odds(b, d, OUTPUT_POLE, NULL, &unused);
	}
	return true;
}

void
calibrate(const struct cross_validation *s, struct linear_dimension out[DIMENSIONS],
    size_t *n, struct calibrate_quality quality[DIMENSIONS])
{
	struct blend b = { .scores = s, .quality = quality };
	double all[LOG_ODDS_INPUTS], plain[LOG_ODDS_INPUTS];

	prepare(&b);
	log_odds_fit(&b.all, all);
	log_odds_fit(&b.plain, plain);
	*n = 0;
	for (int d = 0; d < DIMENSIONS; d++)
		if (blend_one(&b, d, all, plain, &out[*n]))
			(*n)++;
	log_odds_release(&b.all);
	log_odds_release(&b.plain);
}
