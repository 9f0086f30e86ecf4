#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/pear/copy_eval.h"
#include "infer/pear/lm_loss.h"
#include "lib/core/arena.h"

struct evaluation {
	const struct model *model;
	const struct copy_batch *batch;
	struct forward *forward;
	size_t per_pass; /* sequences in a pass */
	struct lm_loss *lm_loss;
	float *second_copy; /* last hidden states that predict second copies:
						   sequences x n x width */
	size_t done;        /* sequences of earlier passes */
	copy_eval_hook_fn *hook;
	void *with;
};

static void
forward_to_hook(void *with, enum hook hook, size_t layer, size_t row, const float *x, size_t n)
{
	const struct evaluation *e = with;
	const size_t length = 2 * e->batch->n;

	e->hook(e->with, hook, layer, e->done + row / length, row % length, x, n);
}

/* As many as memory allows. */
static size_t
sequences_per_pass(const struct pear_context *ctx, size_t sequences, size_t n)
{
	const struct forward_options o = {
		.tokens = 2 * n, .batch = 2 * n, .has_whole_sequences = true
	};
	const size_t max = ctx->memory
	    / forward_bytes(ctx->model, &o, thread_pool_threads(ctx->pool));

	return max < 1 ? 1 : max < sequences ? max : sequences;
}

size_t
copy_eval_bytes(const struct pear_context *ctx, size_t sequences, size_t n)
{
	const size_t rows = sequences_per_pass(ctx, sequences, n) * 2 * n;
	const struct forward_options o = {
		.tokens = rows, .batch = rows, .has_whole_sequences = true
	};

	return forward_bytes(ctx->model, &o, thread_pool_threads(ctx->pool))
	    + lm_loss_bytes(ctx->model, sequences * n, ctx->model->logit_softcap > 0)
	    + sequences * n * ctx->model->width * sizeof(float);
}

static void
open_forward(struct evaluation *e, const struct pear_context *ctx, const float *coefficient)
{
	const size_t rows = e->per_pass * 2 * e->batch->n;
	const struct forward_options o = { .tokens = rows,
		.batch = rows,
		.has_whole_sequences = true,
		.isa = ctx->isa,
		.precision = PRECISION_F32,
		.coefficient = coefficient,
		.hook = e->hook != NULL ? forward_to_hook : NULL,
		.with = e };

	e->forward = forward_new(ctx->model, &o, ctx->pool);
}

static void
run_passes(struct evaluation *e)
{
	const size_t n = e->batch->n, w = e->model->width;
	const float *hidden = forward_hidden(e->forward);

	for (size_t sequences; e->done < e->batch->sequences; e->done += sequences) {
		sequences = e->batch->sequences - e->done;
		sequences = sequences < e->per_pass ? sequences : e->per_pass;
		forward_run_sequences(e->forward, e->batch->id + e->done * 2 * n, sequences, 2 * n);
		for (size_t i = 0; i < sequences; i++)
			memcpy(e->second_copy + (e->done + i) * n * w,
			    hidden + (i * 2 * n + n - 1) * w, n * w * sizeof(float));
	}
}

/* The last token is predicted by the last but one state, the last of `second_copy`. */
static double
mean_metric(const struct evaluation *e)
{
	const size_t n = e->batch->n, sequences = e->batch->sequences;
	const size_t w = e->model->width;
	double sum = 0, centered;

	for (size_t i = 0; i < sequences; i++) {
		lm_loss_centered_logit(e->lm_loss, e->second_copy + (i * n + n - 1) * w,
		    e->batch->id + i * 2 * n + 2 * n - 1, 1, &centered);
		sum += centered;
	}
	return sum / (double)sequences;
}

static void
score_second_copies(struct evaluation *e, struct copy_score *out)
{
	const size_t n = e->batch->n, rows = e->batch->sequences * n;
	struct lm_loss_row *row = arena_calloc(rows, sizeof(*row));
	uint32_t *target = arena_calloc(rows, sizeof(*target));

	for (size_t i = 0; i < rows; i++)
		target[i] = e->batch->id[i / n * 2 * n + n + i % n];
	lm_loss_cross_entropy(e->lm_loss, e->second_copy, target, rows, row, 0, NULL);
	*out = (struct copy_score){ .metric = mean_metric(e) };
	for (size_t i = 0; i < rows; i++) {
		out->loss += row[i].loss;
		out->accuracy += i % n > 0 && row[i].is_argmax;
	}
	out->loss /= (double)rows;
	out->accuracy /= (double)(rows - e->batch->sequences);
	free(row);
	free(target);
}

void
copy_eval_run(const struct pear_context *ctx, const float *coefficient,
    const struct copy_batch *batch, struct copy_score *out, copy_eval_hook_fn *hook, void *with)
{
	struct evaluation e = { .model = ctx->model,
		.batch = batch,
		.hook = hook,
		.with = with,
		.per_pass = sequences_per_pass(ctx, batch->sequences, batch->n) };

	open_forward(&e, ctx, coefficient);
	e.lm_loss = lm_loss_new(ctx->model, ctx->isa, batch->sequences * batch->n,
	    forward_logits(e.forward), ctx->pool);
	e.second_copy = arena_calloc(batch->sequences * batch->n * ctx->model->width,
	    sizeof(float));
	run_passes(&e);
	score_second_copies(&e, out);
	forward_free(e.forward);
	lm_loss_free(e.lm_loss);
	free(e.second_copy);
}
