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
	const struct fit_scores *scores;
	struct fit_odds all;		/* of the dimensions that share, with a score */
	struct fit_odds plain;		/* and without */
	int sharing;			/* how many dimensions these are from */
	struct spread spread[DIMENSIONS][2];
	struct fit_quality *quality;
};

static void
count(const struct fit_rows *rows, int d, struct fit_quality *q)
{
	uint8_t *is_seen = calloc(rows->groups + 1, 1);

	if (is_seen == NULL)
		arena_exhausted();
	*q = (struct fit_quality){ .rules = { NAN, NAN }, .model = { NAN, NAN } };
	for (size_t i = 0; i < rows->len; i++) {
		const struct fit_row *row = &rows->at[i];

		if (row->label[d] == FIT_NEUTRAL)
			continue;
		(*(row->label[d] == FIT_HIGH ? &q->high : &q->low))++;
		if (row->has_name && !is_seen[row->group]) {
			is_seen[row->group] = 1;
			q->groups++;
		}
	}
	q->is_shared = q->groups > 0 && q->groups < FIT_GROUPS_FEW;
	free(is_seen);
}

static struct spread
spread_of(const struct fit_scores *s, int d, int which)
{
	const float *held = s->held[d][which];
	double sum = 0, squares = 0, n = 0;

	for (size_t i = 0; held != NULL && i < s->rows->len; i++)
		if (!isnan(held[i]) && fit_scores_side(&s->rows->at[i], d,
		    (enum map_score)which) != 1) {
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
is_used(const struct blend *b, const struct fit_row *row, int d, int which,
    bool has_singles)
{
	if (fit_scores_side(row, d, (enum map_score)which) < 0)
		return false;
	if (which == SCORE_SIDE)
		return !has_singles || !row->has_name;
	return row->has_name || !b->quality[d].is_shared
	    || row->label[d] == FIT_NEUTRAL;
}

/* Are both poles shown by rows that stand alone? */
static bool
has_singles(const struct fit_rows *rows, int d)
{
	bool has[3] = { false };

	for (size_t i = 0; i < rows->len; i++)
		if (!rows->at[i].has_name)
			has[rows->at[i].label[d]] = true;
	return has[FIT_LOW] && has[FIT_HIGH];
}

static void
measure(const struct fit_row *row, int d, int which, double score,
    double x[FIT_ODDS_MAX])
{
	const struct map_others others = map_model_others(&row->rules);
	double rule = map_model_rule(&row->rules, d);

	x[BIAS] = 1;
	x[RULE] = which == SCORE_ABOUT ? fabs(rule) : rule;
	x[OTHER] = which == SCORE_ABOUT ? map_model_other(&others, d) : 0;
	x[SCORE] = score;
}

/* Adds the rows of a dimension that were held out. */
static void
add_rows(const struct blend *b, int d, int which, bool has_score,
    struct fit_odds *to)
{
	const struct fit_rows *rows = b->scores->rows;
	const float *held = b->scores->held[d][which];
	const struct spread *spread = &b->spread[d][which];
	bool singles = which == SCORE_SIDE && has_singles(rows, d);
	double x[FIT_ODDS_MAX];

	for (size_t i = 0; i < rows->len; i++) {
		if (!is_used(b, &rows->at[i], d, which, singles)
		    || (has_score && (held == NULL || isnan(held[i]))))
			continue;
		measure(&rows->at[i], d, which, has_score
		    ? ((double)held[i] - spread->mean) / spread->deviation : 0, x);
		fit_odds_add(to, x, fit_scores_side(&rows->at[i], d,
		    (enum map_score)which) == 1);
	}
}

/* The spread and the score's own bias go into the odds, so that what is left is
 * for the sum of weights. */
static struct map_odds
settle(const struct blend *b, int d, int which, const double w[FIT_ODDS_MAX])
{
	const struct spread *spread = &b->spread[d][which];
	const struct fit_score *final = &b->scores->final[d][which];
	double slope = final->weight != NULL ? w[SCORE] / spread->deviation : 0;

	return (struct map_odds){ (float)(w[BIAS] + slope
	    * (final->bias - spread->mean)), (float)w[RULE], (float)w[OTHER],
	    (float)slope };
}

/* How well rows held out are told apart, by the rules and by the odds. */
static void
judge(const struct fit_odds *o, const double w[FIT_ODDS_MAX],
    struct fit_quality *q, int which)
{
	double *rules = calloc(2 * o->len + 1, sizeof(*rules)), *model;

	if (rules == NULL)
		arena_exhausted();
	model = rules + o->len;
	for (size_t i = 0; i < o->len; i++) {
		rules[i] = o->x[i][RULE];
		for (int k = 0; k < FIT_ODDS_MAX; k++)
			model[i] += w[k] * o->x[i][k];
	}
	q->rules[which] = fit_area(rules, o->is_yes, o->len);
	q->model[which] = fit_area(model, o->is_yes, o->len);
	free(rules);
}

/* Odds of a dimension of its own, or by what it shares with others. */
static struct map_odds
find_odds(const struct blend *b, int d, int which, const double *shared,
    float *balance)
{
	struct fit_odds own = { 0 };
	double w[FIT_ODDS_MAX];

	add_rows(b, d, which, true, &own);
	if (shared != NULL)
		memcpy(w, shared, sizeof(w));
	else
		fit_odds_solve(&own, w);
	judge(&own, w, &b->quality[d], which);
	*balance = (float)(fit_odds_balance(shared != NULL ? &b->plain : &own)
	    - rarity);
	fit_odds_release(&own);
	return settle(b, d, which, w);
}

static void
prepare(struct blend *b)
{
	for (int d = 0; d < DIMENSIONS; d++) {
		struct fit_quality *q = &b->quality[d];

		count(b->scores->rows, d, q);
		for (int which = 0; which < 2; which++)
			b->spread[d][which] = spread_of(b->scores, d, which);
		if (!q->is_shared || b->scores->held[d][SCORE_ABOUT] == NULL)
			continue;
		b->sharing++;
		add_rows(b, d, SCORE_ABOUT, false, &b->plain);
		if (q->groups > 1)
			add_rows(b, d, SCORE_ABOUT, true, &b->all);
	}
}

static bool
blend_one(const struct blend *b, int d, const double all[FIT_ODDS_MAX],
    const double plain[FIT_ODDS_MAX], struct map_dimension *out)
{
	const struct fit_scores *s = b->scores;
	bool has_score = s->held[d][SCORE_ABOUT] != NULL, is_shared = has_score
	    ? b->quality[d].is_shared
	    : b->sharing >= SHARING_LEAST && map_model_is_interest(d);
	float unused;

	*out = (struct map_dimension){ .dimension = (uint8_t)d };
	if (is_shared)
		out->about = find_odds(b, d, SCORE_ABOUT, has_score && b->all.len > 0
		    ? all : plain, &out->balance);
	else if (has_score)
		out->about = find_odds(b, d, SCORE_ABOUT, NULL, &out->balance);
	else if (s->held[d][SCORE_SIDE] == NULL)
		return false;
	else	/* every row is about it: nothing tells what is not */
		out->about.bias = 20;
	if (s->held[d][SCORE_SIDE] != NULL) {
		out->has_side = true;
		out->side = find_odds(b, d, SCORE_SIDE, NULL, &unused);
	}
	return true;
}

void
fit_blend(const struct fit_scores *s, struct map_dimension out[DIMENSIONS],
    size_t *n, struct fit_quality quality[DIMENSIONS])
{
	struct blend b = { .scores = s, .quality = quality };
	double all[FIT_ODDS_MAX], plain[FIT_ODDS_MAX];

	prepare(&b);
	fit_odds_solve(&b.all, all);
	fit_odds_solve(&b.plain, plain);
	*n = 0;
	for (int d = 0; d < DIMENSIONS; d++)
		if (blend_one(&b, d, all, plain, &out[*n]))
			(*n)++;
	fit_odds_release(&b.all);
	fit_odds_release(&b.plain);
}
