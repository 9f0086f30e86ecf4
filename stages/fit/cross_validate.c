#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "stages/fit/cross_validate.h"

/* A score to train: without the rows of a fold, or (fold -1) on all. */
struct job {
	int dimension, fold;
	enum linear_output which;
};

struct work {
	struct cross_validation *scores;
	const struct cross_validate_options *options;
	const struct job *job;
};

int
cross_validate_label(const struct example *row, int dimension, enum linear_output which)
{
	uint8_t label = row->label[dimension];

	if (which == OUTPUT_ABOUT)
		return label != LABEL_NEUTRAL;
	return label == LABEL_NEUTRAL ? -1 : label == LABEL_HIGH;
}

/* A number in [0, 1) for a row that is about nothing: those below a bound are
 * trained on.  The same in all folds. */
static double
lot(uint64_t seed, int dimension, size_t row)
{
	const uint64_t key[3] = { seed, (uint64_t)dimension, row };

	return (double)(XXH3_64bits(key, sizeof(key)) >> 11) * 0x1p-53;
}

/* Rows on either side, single ones [0] and those of communities [1] apart. */
struct sides {
	size_t no[2], yes[2];
};

static struct sides
count_sides(const struct examples *rows, const struct job *job)
{
	struct sides n = { 0 };

	for (size_t i = 0; i < rows->len; i++) {
		const struct example *row = &rows->at[i];
		int side = cross_validate_label(row, job->dimension, job->which);

		if (row->fold != job->fold && side >= 0)
			(side == 1 ? n.yes : n.no)[row->has_name]++;
	}
	return n;
}

static bool
are_enough(const struct sides *n, size_t least)
{
	return n->no[0] + n->no[1] >= least && n->yes[0] + n->yes[1] >= least;
}

/* Which share of the rows that are about nothing is trained on, by kind.  Of an
 * interest as many as are about it of the same kind: that somebody speaks of
 * himself in one sentence must not tell what he is interested in. */
static void
find_shares(const struct sides *n, const struct job *job, double neutrals,
    double share[2])
{
	double yes = (double)(n->yes[0] + n->yes[1]);
	double no = (double)(n->no[0] + n->no[1]);

	for (int kind = 0; kind < 2; kind++)
		if (job->which != OUTPUT_ABOUT)
			share[kind] = 1;
		else if (linear_model_is_interest(job->dimension))
			share[kind] = n->no[kind] > 0 ? neutrals * (double)n->yes[kind]
			    / (double)n->no[kind] : 0;
		else
			share[kind] = neutrals * yes / no;
}

/* The rows of a job; how many. */
static size_t
choose(const struct examples *rows, const struct job *job,
    const struct cross_validate_options *o, const struct example **row, bool *is_yes)
{
	struct sides n = count_sides(rows, job);
	double share[2];
	size_t len = 0, yes = 0;

	if (!are_enough(&n, o->least))
		return 0;
	find_shares(&n, job, o->neutrals, share);
	for (size_t i = 0; i < rows->len; i++) {
		int side = cross_validate_label(&rows->at[i], job->dimension, job->which);

		if (rows->at[i].fold == job->fold || side < 0)
			continue;
		if (side == 0 && share[rows->at[i].has_name] < 1
		    && lot(o->seed, job->dimension, i) >= share[rows->at[i].has_name])
			continue;
		row[len] = &rows->at[i];
		yes += side == 1;
		is_yes[len++] = side == 1;
	}
	return len - yes >= o->least ? len : 0;
}

static void
hold(const struct examples *rows, const struct job *job,
    const struct classifier *score, float *held)
{
	for (size_t i = 0; i < rows->len; i++)
		if (rows->at[i].fold == job->fold)
			held[i] = (float)classifier_score(score, &rows->at[i]);
}

static void
do_job(void *with, size_t item, size_t worker)
{
	struct work *w = with;
	struct cross_validation *s = w->scores;
	const struct job *job = &w->job[item];
	struct classifier held = { 0 }, *score = job->fold < 0
	    ? &s->final[job->dimension][job->which] : &held;
	const struct example **row = calloc(s->rows->len + 1, sizeof(*row));
	bool *is_yes = calloc(s->rows->len + 1, sizeof(*is_yes));
	size_t n;

	(void)worker;
	if (row == NULL || is_yes == NULL)
		arena_exhausted();
	n = choose(s->rows, job, w->options, row, is_yes);
	if (n > 0)
		train_classifier(score, s->columns, row, is_yes, n, w->options->cost[job->which]);
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
cross_validate(struct cross_validation *s, const struct examples *rows,
    size_t columns, const struct cross_validate_options *o, struct pool *pool)
{
	struct job *job = calloc((size_t)(2 * DIMENSIONS * (o->folds + 1)), sizeof(*job));
	struct sides sides;
	size_t n = 0;

	if (job == NULL)
		arena_exhausted();
	*s = (struct cross_validation){ .rows = rows, .columns = columns };
	for (int d = 0; d < DIMENSIONS; d++)
		for (int which = 0; which < 2; which++) {
			struct job one = { d, -1, (enum linear_output)which };

			sides = count_sides(rows, &one);
			if (!are_enough(&sides, o->least))
				continue;
			s->held[d][which] = held_new(rows->len);
			for (; one.fold < o->folds; one.fold++)
				job[n++] = one;
		}
	pool_run(pool, n, do_job, &(struct work){ s, o, job });
	free(job);
}

void
cross_validate_release(struct cross_validation *s)
{
	for (int d = 0; d < DIMENSIONS; d++)
		for (int which = 0; which < 2; which++) {
			free(s->final[d][which].weight);
			free(s->held[d][which]);
		}
}
