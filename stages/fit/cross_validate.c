#include "config.h"

#include <stdlib.h>

#include "lib/core/arena.h"
#include "stages/fit/cross_validate.h"

struct training_run {
	struct cross_validation *v;
	const struct cross_validate_options *options;
};

/* Selects the examples outside a fold (-1: all) for which the dimension is known; returns
 * their number. */
static size_t
select_examples(const struct cross_validation *v, const struct pole_scores *pole, int fold,
    struct feature_node **node, double *is_positive, size_t *positives)
{
	const struct examples *x = v->examples;
	size_t n = 0;

	*positives = 0;
	for (size_t i = 0; i < x->len; i++) {
		const struct example *one = &x->at[i];

		if (one->fold == fold || !examples_know(x, one, pole->dimension))
			continue;
		is_positive[n] = one->label[pole->dimension] == pole->pole;
		*positives += is_positive[n] > 0;
		node[n++] = v->set->node[i];
	}
	return n;
}

static void
score_fold(const struct cross_validation *v, const struct classifier *c, int fold, float *held_out)
{
	for (size_t i = 0; i < v->examples->len; i++)
		if (v->examples->at[i].fold == fold)
			held_out[i] = (float)classifier_score(c, v->set->node[i]);
}

/* Trains the classifier of a pole without one fold, or the last one, on all. */
static void
do_job(void *with, size_t item, size_t worker)
{
	const struct training_run *run = with;
	struct cross_validation *v = run->v;
	const size_t jobs = (size_t)run->options->folds + 1;
	struct pole_scores *pole = &v->pole[item / jobs];
	int fold = item % jobs + 1 == jobs ? -1 : (int)(item % jobs);
	struct classifier c = {
		.bias = -1e3
	}; /* that of a fold without which there is no example */
	struct feature_node **node = arena_calloc(v->examples->len + 1, sizeof(*node));
	double *is_positive = arena_calloc(v->examples->len + 1, sizeof(*is_positive));
	size_t positives, n = select_examples(v, pole, fold, node, is_positive, &positives);

	(void)worker;
	if (positives > 0 && positives < n)
		train_classifier(&c, v->set->features, node, is_positive, n, run->options->cost);
	else
		c.weight = arena_calloc(v->set->features + 1, sizeof(*c.weight));
	if (fold < 0) {
		pole->final = c;
	} else {
		score_fold(v, &c, fold, pole->held_out);
		free(c.weight);
	}
	free(node);
	free(is_positive);
}

static void
add_pole(struct cross_validation *v, int dimension, int pole, size_t min_positives)
{
	const struct examples *x = v->examples;
	size_t positives = 0;

	for (size_t i = 0; i < x->len; i++)
		positives += x->at[i].label[dimension] == pole;
	if (positives >= min_positives && positives > 0)
		v->pole[v->poles++] = (struct pole_scores){ .dimension = dimension,
			.pole = pole,
			.positives = positives,
			.held_out = arena_calloc(x->len + 1, sizeof(float)) };
}

void
cross_validate(struct cross_validation *v, const struct examples *x, const struct train_set *set,
    const struct cross_validate_options *o, struct thread_pool *pool)
{
	*v = (struct cross_validation){ .examples = x, .set = set };
	for (int d = 0; d < DIMENSIONS; d++)
		for (int pole = 0; pole < 2; pole++)
			add_pole(v, d, pole, o->min_positives);
	thread_pool_run(pool, v->poles * ((size_t)o->folds + 1), do_job,
	    &(struct training_run){ v, o });
}

void
cross_validate_release(struct cross_validation *v)
{
	for (size_t i = 0; i < v->poles; i++) {
		free(v->pole[i].final.weight);
		free(v->pole[i].held_out);
	}
}
