#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "stages/fit/cross_validate.h"

/* A classifier to train: without the examples of a fold, or (fold -1) on all. */
struct training_job {
	int dimension, fold;
	enum linear_output output;
};

struct training_run {
	struct cross_validation *v;
	const struct cross_validate_options *options;
	const struct training_job *job;
};

int
cross_validate_class(const struct example *example, int dimension, enum linear_output output)
{
	uint8_t label = example->label[dimension];

	if (output == OUTPUT_RELEVANCE)
		return label != LABEL_NEUTRAL;
	return label == LABEL_NEUTRAL ? -1 : label == LABEL_HIGH;
}

/* A number in [0, 1) for a negative example: those below a share are trained on.  The same
 * in all folds. */
static double
draw(uint64_t seed, int dimension, size_t example)
{
	const uint64_t key[3] = { seed, (uint64_t)dimension, example };

	return (double)(XXH3_64bits(key, sizeof(key)) >> 11) * 0x1p-53;
}

/* Examples of each class: [0] single ones, [1] those of groups. */
struct class_counts {
	size_t negative[2], positive[2];
};

static struct class_counts
count_classes(const struct examples *x, const struct training_job *job)
{
	struct class_counts n = { 0 };

	for (size_t i = 0; i < x->len; i++) {
		const struct example *one = &x->at[i];
		int class = cross_validate_class(one, job->dimension, job->output);

		if (one->fold != job->fold && class >= 0)
			(class == 1 ? n.positive : n.negative)[one->is_grouped]++;
	}
	return n;
}

static bool
is_enough(const struct class_counts *n, size_t min)
{
	return n->negative[0] + n->negative[1] >= min && n->positive[0] + n->positive[1] >= min;
}

/* The share of the negative examples to train on, single ones [0] and those of groups [1].
 * For an interest, in proportion to the positive examples of the same kind: whether a text is
 * one sentence about oneself must not tell what its author is interested in. */
static void
find_shares(const struct class_counts *n, const struct training_job *job, double negatives,
    double share[2])
{
	double all_positive = (double)(n->positive[0] + n->positive[1]);
	double all_negative = (double)(n->negative[0] + n->negative[1]);

	for (int kind = 0; kind < 2; kind++)
		if (job->output != OUTPUT_RELEVANCE)
			share[kind] = 1;
		else if (linear_model_is_interest(job->dimension))
			share[kind] = n->negative[kind] > 0
			    ? negatives * (double)n->positive[kind] / (double)n->negative[kind]
			    : 0;
		else
			share[kind] = negatives * all_positive / all_negative;
}

/* Selects the examples of a job; returns their number, 0 if they are too few. */
static size_t
select_examples(const struct examples *x, const struct training_job *job,
    const struct cross_validate_options *o, const struct example **example, bool *is_positive)
{
	struct class_counts n = count_classes(x, job);
	double share[2];
	size_t len = 0, positives = 0;

	if (!is_enough(&n, o->min_examples))
		return 0;
	find_shares(&n, job, o->negatives, share);
	for (size_t i = 0; i < x->len; i++) {
		const struct example *one = &x->at[i];
		int class = cross_validate_class(one, job->dimension, job->output);

		if (one->fold == job->fold || class < 0)
			continue;
		if (class == 0 && share[one->is_grouped] < 1
		    && draw(o->seed, job->dimension, i) >= share[one->is_grouped])
			continue;
		example[len] = one;
		positives += class == 1;
		is_positive[len++] = class == 1;
	}
	return len - positives >= o->min_examples ? len : 0;
}

static void
score_fold(const struct examples *x, const struct training_job *job, const struct classifier *c,
    float *held_out)
{
	for (size_t i = 0; i < x->len; i++)
		if (x->at[i].fold == job->fold)
			held_out[i] = (float)classifier_score(c, &x->at[i]);
}

static void
do_job(void *with, size_t item, size_t worker)
{
	struct training_run *run = with;
	struct cross_validation *v = run->v;
	const struct training_job *job = &run->job[item];
	struct classifier without_fold = { 0 },
			  *c = job->fold < 0 ? &v->final[job->dimension][job->output]
					     : &without_fold;
	const struct example **example = arena_calloc(v->examples->len + 1,
	    sizeof(struct example *));
	bool *is_positive = arena_calloc(v->examples->len + 1, sizeof(*is_positive));
	size_t n;

	(void)worker;
	n = select_examples(v->examples, job, run->options, example, is_positive);
	if (n > 0)
		train_classifier(c, v->features, example, is_positive, n,
		    run->options->cost[job->output]);
	if (n > 0 && job->fold >= 0) {
		score_fold(v->examples, job, c, v->held_out[job->dimension][job->output]);
		free(without_fold.weight);
	}
	free(example);
	free(is_positive);
}

static float *
make_held_out(size_t n)
{
	float *held_out = arena_calloc(n + 1, sizeof(*held_out));

	for (size_t i = 0; i < n; i++)
		held_out[i] = NAN;
	return held_out;
}

void
cross_validate(struct cross_validation *v, const struct examples *x, size_t features,
    const struct cross_validate_options *o, struct thread_pool *pool)
{
	struct training_job *job = arena_calloc((size_t)(2 * DIMENSIONS * (o->folds + 1)),
	    sizeof(*job));
	size_t n = 0;

	*v = (struct cross_validation){ .examples = x, .features = features };
	for (int d = 0; d < DIMENSIONS; d++)
		for (int output = 0; output < 2; output++) {
			struct training_job one = { d, -1, (enum linear_output)output };
			struct class_counts classes = count_classes(x, &one);

			if (!is_enough(&classes, o->min_examples))
				continue;
			v->held_out[d][output] = make_held_out(x->len);
			for (; one.fold < o->folds; one.fold++)
				job[n++] = one;
		}
	thread_pool_run(pool, n, do_job, &(struct training_run){ v, o, job });
	free(job);
}

void
cross_validate_release(struct cross_validation *v)
{
	for (int d = 0; d < DIMENSIONS; d++)
		for (int output = 0; output < 2; output++) {
			free(v->final[d][output].weight);
			free(v->held_out[d][output]);
		}
}
