#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/pear/backward.h"
#include "infer/pear/head_learning.h"
#include "infer/pear/lm_loss.h"
#include "lib/core/arena.h"

/* Numbers of the sequences that are held out start here. */
#define HELD_OUT ((uint64_t)1 << 62)

struct head_learning {
	const struct pear_context *ctx;
	const struct copy_task *copy_task;
	struct head_learning_options options;
	struct head_learning_state *state;
	float *coefficient; /* layers x heads */
	struct saved_activations saved;
	struct backward *backward;
	struct lm_loss *lm_loss;
	uint32_t *id, *target;              /* of a step */
	float *second_copy, *d_second_copy; /* states that predict second copies, and their
						   gradients */
	float *d_hidden;
	struct lm_loss_row *row;
	double *per_sequence; /* of a pass: sequences x layers x heads */
};

static size_t
first_layer(const struct head_learning_state *s, size_t layers)
{
	size_t lowest = layers - 1;

	for (size_t i = 0; s != NULL && i < s->len; i++)
		lowest = s->head[i].layer < lowest ? s->head[i].layer : lowest;
	return lowest;
}

static size_t
pass_bytes(const struct pear_context *ctx, const struct saved_activations_options *o)
{
	return saved_activations_bytes(ctx->model, o, thread_pool_threads(ctx->pool))
	    + backward_bytes(ctx->model, o);
}

static size_t
sequences_per_pass(const struct pear_context *ctx, struct saved_activations_options o, size_t all)
{
	size_t n;

	o.sequences = 1;
	n = ctx->memory / pass_bytes(ctx, &o);
	return n < 1 ? 1 : n < all ? n : all;
}

size_t
head_learning_bytes(const struct pear_context *ctx, const struct head_learning_options *s,
    const struct head_learning_state *state)
{
	const struct model *m = ctx->model;
	struct saved_activations_options o = { .length = 2 * s->length,
		.first = first_layer(state, m->layers) };
	size_t rows;

	o.sequences = sequences_per_pass(ctx, o, s->sequences);
	rows = o.sequences * s->length;
	return pass_bytes(ctx, &o) + lm_loss_bytes(m, rows, true)
	    + 4 * rows * m->width * sizeof(float)
	    + o.sequences * m->layers * m->heads * sizeof(double)
	    + copy_eval_bytes(ctx, s->held_out, s->length);
}

struct head_learning *
head_learning_open(const struct pear_context *ctx, const struct copy_task *c,
    const struct head_learning_options *s, struct head_learning_state *state, struct fault *f)
{
	const struct model *m = ctx->model;
	struct head_learning *l;
	struct saved_activations_options o = {
		.length = 2 * s->length, .isa = ctx->isa, .first = first_layer(state, m->layers)
	};
	size_t rows;

	if (2 * s->length > m->context) {
		fault_stop(f,
		    "sequences of %zu + %zu tokens are longer than the model's "
		    "context of %zu; use --length %zu or less",
		    s->length, s->length, m->context, m->context / 2);
		return NULL;
	}
	l = arena_calloc(1, sizeof(*l));
	l->ctx = ctx;
	l->copy_task = c;
	l->options = *s;
	l->state = state;
	o.coefficient = l->coefficient = arena_calloc(m->layers * m->heads, sizeof(float));
	o.sequences = sequences_per_pass(ctx, o, s->sequences);
	rows = o.sequences * s->length;
	saved_activations_open(&l->saved, m, &o, ctx->pool);
	l->backward = backward_new(&l->saved);
	l->lm_loss = lm_loss_new(m, ctx->isa, rows, forward_logits(l->saved.forward), ctx->pool);
	l->id = arena_calloc(s->sequences * 2 * s->length, sizeof(*l->id));
	l->target = arena_calloc(rows, sizeof(*l->target));
	l->second_copy = arena_calloc(rows * m->width, sizeof(float));
	l->d_second_copy = arena_calloc(rows * m->width, sizeof(float));
	l->d_hidden = arena_calloc(2 * rows * m->width, sizeof(float));
	l->row = arena_calloc(rows, sizeof(*l->row));
	l->per_sequence = arena_calloc(o.sequences * m->layers * m->heads, sizeof(double));
	return l;
}

void
head_learning_close(struct head_learning *l)
{
	if (l == NULL)
		return;
	saved_activations_close(&l->saved);
	backward_free(l->backward);
	lm_loss_free(l->lm_loss);
	free(l->coefficient);
	free(l->id);
	free(l->target);
	free(l->second_copy);
	free(l->d_second_copy);
	free(l->d_hidden);
	free(l->row);
	free(l->per_sequence);
	free(l);
}

static void
expand_coefficients(struct head_learning *l)
{
	const struct model *m = l->ctx->model;
	const struct head_learning_state *s = l->state;

	for (size_t i = 0; i < m->layers * m->heads; i++)
		l->coefficient[i] = 1;
	for (size_t i = 0; i < s->len; i++)
		l->coefficient[s->head[i].layer * m->heads + s->head[i].head] = s->coefficient[i];
}

/* Takes the states that predict second copies out of those of all tokens; or puts their
 * gradients back, with 0 for the other tokens. */
static void
gather_second_copies(const struct head_learning *l, const float *hidden)
{
	const size_t n = l->options.length, w = l->ctx->model->width;

	for (size_t i = 0; i < l->saved.sequences; i++)
		memcpy(l->second_copy + i * n * w, hidden + (i * 2 * n + n - 1) * w,
		    n * w * sizeof(*hidden));
}

static void
scatter_second_copies(struct head_learning *l)
{
	const size_t n = l->options.length, w = l->ctx->model->width;

	memset(l->d_hidden, 0, l->saved.rows * w * sizeof(float));
	for (size_t i = 0; i < l->saved.sequences; i++)
		memcpy(l->d_hidden + (i * 2 * n + n - 1) * w, l->d_second_copy + i * n * w,
		    n * w * sizeof(float));
}

/* Adds loss and gradient of sequences [first, first + sequences) of the step, one by one: the
 * sums do not depend on how they are split into passes. */
static void
run_pass(struct head_learning *l, size_t first, size_t sequences, double *loss, double *gradient)
{
	const struct model *m = l->ctx->model;
	const size_t n = l->options.length;
	const uint32_t *id = l->id + first * 2 * n;

	gather_second_copies(l, saved_activations_run(&l->saved, id, sequences));
	for (size_t i = 0; i < sequences * n; i++)
		l->target[i] = id[i / n * 2 * n + n + i % n];
	lm_loss_cross_entropy(l->lm_loss, l->second_copy, l->target, sequences * n, l->row,
	    1 / (float)n, l->d_second_copy);
	scatter_second_copies(l);
	backward_run(l->backward, l->d_hidden, l->per_sequence);
	for (size_t i = 0; i < sequences; i++) {
		const double *per_sequence = l->per_sequence + i * m->layers * m->heads;

		for (size_t k = 0; k < n; k++)
			*loss += l->row[i * n + k].loss / (double)n;
		for (size_t h = 0; h < l->state->len; h++)
			gradient[h] += per_sequence[l->state->head[h].layer * m->heads
			    + l->state->head[h].head];
	}
}

double
head_learning_gradient(struct head_learning *l, double *gradient)
{
	const struct head_learning_options *s = &l->options;
	const size_t max = l->saved.options.sequences;
	double loss = 0;

	expand_coefficients(l);
	for (size_t i = 0; i < s->sequences; i++)
		copy_task_draw(l->copy_task, s->seed, l->state->step * s->sequences + i, s->length,
		    l->id + i * 2 * s->length);
	memset(gradient, 0, l->state->len * sizeof(*gradient));
	for (size_t i = 0; i < s->sequences; i += max)
		run_pass(l, i, s->sequences - i < max ? s->sequences - i : max, &loss, gradient);
	for (size_t i = 0; i < l->state->len; i++)
		gradient[i] /= (double)s->sequences;
	return loss / (double)s->sequences;
}

double
head_learning_rate(const struct head_learning_options *s, size_t step)
{
	if (step < s->warmup)
		return s->rate * (double)step / (double)s->warmup;
	if (step >= s->decay)
		return 0;
	return s->rate * (double)(s->decay - step) / (double)(s->decay - s->warmup);
}

static void
clip_gradient(double max, double *gradient, size_t n)
{
	double square = 0;

	for (size_t i = 0; i < n; i++)
		square += gradient[i] * gradient[i];
	if (max > 0 && sqrt(square) > max)
		for (size_t i = 0; i < n; i++)
			gradient[i] *= max / sqrt(square);
}

double
head_learning_step(struct head_learning *l)
{
	const double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
	struct head_learning_state *s = l->state;
	double *gradient = arena_calloc(s->len, sizeof(*gradient));
	double loss = head_learning_gradient(l, gradient);
	double rate = head_learning_rate(&l->options, s->step);

	clip_gradient(l->options.max_grad_norm, gradient, s->len);
	s->step++;
	for (size_t i = 0; i < s->len; i++) {
		double mean, square;

		s->first_moment[i] = beta1 * s->first_moment[i] + (1 - beta1) * gradient[i];
		s->second_moment[i] = beta2 * s->second_moment[i]
		    + (1 - beta2) * gradient[i] * gradient[i];
		mean = s->first_moment[i] / (1 - pow(beta1, (double)s->step));
		square = s->second_moment[i] / (1 - pow(beta2, (double)s->step));
		s->coefficient[i] = (float)((double)s->coefficient[i]
		    - rate * mean / (sqrt(square) + epsilon));
	}
	free(gradient);
	return loss;
}

void
head_learning_evaluate(struct head_learning *l, struct copy_score *out)
{
	const struct head_learning_options *s = &l->options;
	uint32_t *id = arena_calloc(s->held_out * 2 * s->length, sizeof(*id));
	const struct copy_batch t = { id, s->held_out, s->length };

	expand_coefficients(l);
	for (size_t i = 0; i < s->held_out; i++)
		copy_task_draw(l->copy_task, s->seed, HELD_OUT + i, s->length,
		    id + i * 2 * s->length);
	copy_eval_run(l->ctx, l->coefficient, &t, out, NULL, NULL);
	free(id);
}
