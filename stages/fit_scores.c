#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <xxhash.h>

#include "lib/arena.h"
#include "stages/fit_scores.h"

/* A score to train: without the rows of a fold, or (fold -1) on all. */
struct job {
	int dimension, fold;
	enum map_score which;
};

struct work {
	struct fit_scores *scores;
	const struct fit_options *options;
	const struct job *job;
};

int
fit_scores_side(const struct fit_row *row, int dimension, enum map_score which)
{
	uint8_t label = row->label[dimension];

	if (which == SCORE_ABOUT)
		return label != FIT_NEUTRAL;
	return label == FIT_NEUTRAL ? -1 : label == FIT_HIGH;
}

/* A number in [0, 1) for a row that is about nothing: those below a bound are
 * trained on.  The same in all folds. */
static double
lot(uint64_t seed, int dimension, size_t row)
{
	const uint64_t key[3] = { seed, (uint64_t)dimension, row };

	return (double)(XXH3_64bits(key, sizeof(key)) >> 11) * 0x1p-53;
}

static void
count_sides(const struct fit_rows *rows, const struct job *job, size_t n[2])
{
	n[0] = n[1] = 0;
	for (size_t i = 0; i < rows->len; i++) {
		int side = fit_scores_side(&rows->at[i], job->dimension, job->which);

		if (rows->at[i].fold != job->fold && side >= 0)
			n[side]++;
	}
}

/* The rows of a job; how many. */
static size_t
choose(const struct fit_rows *rows, const struct job *job,
    const struct fit_options *o, const struct fit_row **row, bool *is_yes)
{
	size_t n[2], len = 0;
	double share;

	count_sides(rows, job, n);
	if (n[0] < o->least || n[1] < o->least)
		return 0;
	share = job->which == SCORE_ABOUT
	    ? o->neutrals * (double)n[1] / (double)n[0] : 1;
	for (size_t i = 0; i < rows->len; i++) {
		int side = fit_scores_side(&rows->at[i], job->dimension, job->which);

		if (rows->at[i].fold == job->fold || side < 0)
			continue;
		if (side == 0 && share < 1
		    && lot(o->seed, job->dimension, i) >= share)
			continue;
		row[len] = &rows->at[i];
		is_yes[len++] = side == 1;
	}
	return len;
}

static void
hold(const struct fit_rows *rows, const struct job *job,
    const struct fit_score *score, float *held)
{
	for (size_t i = 0; i < rows->len; i++)
		if (rows->at[i].fold == job->fold)
			held[i] = (float)fit_score_of(score, &rows->at[i]);
}

static void
do_job(void *with, size_t item, size_t worker)
{
	struct work *w = with;
	struct fit_scores *s = w->scores;
	const struct job *job = &w->job[item];
	struct fit_score held = { 0 }, *score = job->fold < 0
	    ? &s->final[job->dimension][job->which] : &held;
	const struct fit_row **row = calloc(s->rows->len + 1, sizeof(*row));
	bool *is_yes = calloc(s->rows->len + 1, sizeof(*is_yes));
	size_t n;

	(void)worker;
	if (row == NULL || is_yes == NULL)
		arena_exhausted();
	n = choose(s->rows, job, w->options, row, is_yes);
	if (n > 0)
		fit_train(score, s->columns, row, is_yes, n, w->options->cost[job->which]);
	if (n > 0 && job->fold >= 0) {
		hold(s->rows, job, score, s->held[job->dimension][job->which]);
		free(held.weight);
	}
	free(row);
	free(is_yes);
}

static float *
held_new(size_t n)
{
	float *held = calloc(n + 1, sizeof(*held));

	if (held == NULL)
		arena_exhausted();
	for (size_t i = 0; i < n; i++)
		held[i] = NAN;
	return held;
}

void
fit_scores_train(struct fit_scores *s, const struct fit_rows *rows,
    size_t columns, const struct fit_options *o, struct pool *pool)
{
	struct job *job = calloc((size_t)(2 * DIMENSIONS * (o->folds + 1)), sizeof(*job));
	size_t n = 0, sides[2];

	if (job == NULL)
		arena_exhausted();
	*s = (struct fit_scores){ .rows = rows, .columns = columns };
	for (int d = 0; d < DIMENSIONS; d++)
		for (int which = 0; which < 2; which++) {
			struct job one = { d, -1, (enum map_score)which };

			count_sides(rows, &one, sides);
			if (sides[0] < o->least || sides[1] < o->least)
				continue;
			s->held[d][which] = held_new(rows->len);
			for (; one.fold < o->folds; one.fold++)
				job[n++] = one;
		}
	pool_run(pool, n, do_job, &(struct work){ s, o, job });
	free(job);
}

void
fit_scores_release(struct fit_scores *s)
{
	for (int d = 0; d < DIMENSIONS; d++)
		for (int which = 0; which < 2; which++) {
			free(s->final[d][which].weight);
			free(s->held[d][which]);
		}
}
