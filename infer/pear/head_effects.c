#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/pear/head_effects.h"
#include "infer/pear/lm_loss.h"
#include "lib/core/arena.h"

enum { CHUNK = 512 }; /* rows of a forward call */

/* Activations at the patched position in all sequences: sequences x n. */
struct saved_position {
	float *at[HOOKS]; /* RESID_PRE, ATTN_HEADS, ATTN_OUT; others are NULL */
	float *mean;      /* of ATTN_HEADS over sequences */
};

struct patching {
	const struct pear_context *ctx;
	const struct model *model;
	struct head_effects *effects;
	size_t sequences, length, at; /* at: the patched position */
	struct saved_position *saved; /* of each layer */
	uint32_t *id;                 /* sequences x 2 length */
	struct lm_loss *lm_loss;
	struct forward *forward; /* CHUNK rows */
	size_t group;            /* heads of a layer that are patched together */
	float *row;              /* layers x group x sequences x width: patched hidden
					   states */
};

static void
open_saved(struct patching *p)
{
	const size_t w = p->sequences * p->model->width;
	const size_t q = p->model->heads * p->model->head_size;

	p->saved = arena_calloc(p->model->layers, sizeof(*p->saved));
	for (size_t i = 0; i < p->model->layers; i++) {
		float *at = arena_calloc(2 * w + (p->sequences + 1) * q, sizeof(*at));

		p->saved[i] = (struct saved_position){ .at = { [HOOK_RESID_PRE] = at,
							   [HOOK_ATTN_OUT] = at + w,
							   [HOOK_ATTN_HEADS] = at + 2 * w },
			.mean = at + 2 * w + p->sequences * q };
	}
}

static void
close_saved(struct patching *p)
{
	for (size_t i = 0; i < p->model->layers; i++)
		free(p->saved[i].at[HOOK_RESID_PRE]);
	free(p->saved);
}

static void
save_row(void *with, enum hook hook, size_t layer, size_t sequence, size_t token, const float *x,
    size_t n)
{
	const struct patching *p = with;
	float *to = p->saved[layer].at[hook];

	if (to != NULL && token == p->at)
		memcpy(to + sequence * n, x, n * sizeof(*x));
}

static void
find_mean_heads(struct patching *p)
{
	const struct model *m = p->model;
	const size_t q = m->heads * m->head_size;

	for (size_t i = 0; i < m->layers; i++)
		for (size_t k = 0; k < q; k++) {
			double sum = 0;

			for (size_t s = 0; s < p->sequences; s++)
				sum += (double)p->saved[i].at[HOOK_ATTN_HEADS][s * q + k];
			p->saved[i].mean[k] = (float)(sum / (double)p->sequences);
		}
}

/* Runs patched states of lower layers' heads through this layer; attention's output is that of
 * the clean run. */
static void
advance_rows(struct patching *p, size_t layer, float *row, size_t rows)
{
	const size_t width = p->model->width, bytes = width * sizeof(float);
	const float *clean = p->saved[layer].at[HOOK_ATTN_OUT];

	for (size_t r = 0, n; r < rows; r += n) {
		n = rows - r < CHUNK ? rows - r : CHUNK;
		for (size_t i = 0; i < n; i++)
			memcpy(forward_attn_out(p->forward) + i * width,
			    clean + (r + i) % p->sequences * width, bytes);
		memcpy(forward_hidden(p->forward), row + r * width, n * bytes);
		forward_from_attn_out(p->forward, layer, n);
		memcpy(row + r * width, forward_hidden(p->forward), n * bytes);
	}
}

/* Runs the clean states of all sequences through a layer in which one head's output is its
 * mean, for each of the heads [first, first + heads). */
static void
patch_heads(struct patching *p, size_t layer, size_t first, size_t heads, float *row)
{
	const struct model *m = p->model;
	const struct saved_position *s = &p->saved[layer];
	const size_t q = m->heads * m->head_size, rows = heads * p->sequences;
	float *heads_out = forward_attn_heads(p->forward), *hidden = forward_hidden(p->forward);

	for (size_t r = 0, n; r < rows; r += n) {
		n = rows - r < CHUNK ? rows - r : CHUNK;
		for (size_t i = 0; i < n; i++) {
			const size_t sequence = (r + i) % p->sequences;
			const size_t at = (first + (r + i) / p->sequences) * m->head_size;

			memcpy(hidden + i * m->width, s->at[HOOK_RESID_PRE] + sequence * m->width,
			    m->width * sizeof(*hidden));
			memcpy(heads_out + i * q, s->at[HOOK_ATTN_HEADS] + sequence * q,
			    q * sizeof(*heads_out));
			memcpy(heads_out + i * q + at, s->mean + at,
			    m->head_size * sizeof(*heads_out));
		}
		forward_from_attn_heads(p->forward, layer, n);
		memcpy(row + r * m->width, hidden, n * m->width * sizeof(*row));
	}
}

/* Effects of heads [first, first + heads) of all layers. */
static void
group_effects(struct patching *p, size_t first, size_t heads)
{
	const struct model *m = p->model;
	const size_t each = heads * p->sequences, all = m->layers * each;
	uint32_t *target = arena_calloc(all, sizeof(*target));
	double *centered = arena_calloc(all, sizeof(*centered));

	for (size_t i = 0; i < m->layers; i++) {
		advance_rows(p, i, p->row, i * each);
		patch_heads(p, i, first, heads, p->row + i * each * m->width);
		if (p->ctx->on_progress != NULL)
			p->ctx->on_progress(p->ctx->with, first * m->layers + (i + 1) * heads,
			    m->layers * m->heads);
	}
	for (size_t r = 0; r < all; r++)
		target[r] = p->id[r % p->sequences * 2 * p->length + p->at + 1];
	lm_loss_centered_logit(p->lm_loss, p->row, target, all, centered);
	for (size_t r = 0; r < all; r += p->sequences) {
		size_t layer = r / each, head = first + r % each / p->sequences;
		double sum = 0;

		for (size_t s = 0; s < p->sequences; s++)
			sum += centered[r + s] / (double)p->sequences;
		p->effects->effect[layer * m->heads + head] = sum - p->effects->clean.metric;
	}
	free(target);
	free(centered);
}

/* Bytes for one head of each layer. */
static size_t
head_bytes(const struct model *m, size_t sequences)
{
	return sequences * m->layers * m->width * sizeof(float);
}

static size_t
heads_per_group(const struct pear_context *ctx, size_t sequences)
{
	const size_t n = ctx->memory / head_bytes(ctx->model, sequences);

	return n < 1 ? 1 : n < ctx->model->heads ? n : ctx->model->heads;
}

size_t
head_effects_bytes(const struct pear_context *ctx, const struct head_effects_options *s)
{
	const struct model *m = ctx->model;
	const struct forward_options o = {
		.tokens = CHUNK, .batch = CHUNK, .has_whole_sequences = true
	};
	const size_t saved_bytes = m->layers
	    * (2 * s->sequences * m->width + (s->sequences + 1) * m->heads * m->head_size)
	    * sizeof(float);
	const size_t evaluation = copy_eval_bytes(ctx, s->sequences, s->length);
	const size_t heads = forward_bytes(m, &o, thread_pool_threads(ctx->pool))
	    + lm_loss_bytes(m, CHUNK, m->logit_softcap > 0)
	    + heads_per_group(ctx, s->sequences) * head_bytes(m, s->sequences);

	return saved_bytes + (evaluation > heads ? evaluation : heads);
}

static void
all_effects(struct patching *p)
{
	const struct model *m = p->model;
	const struct forward_options o = { .tokens = CHUNK,
		.batch = CHUNK,
		.has_whole_sequences = true,
		.isa = p->ctx->isa,
		.precision = PRECISION_F32 };

	p->group = heads_per_group(p->ctx, p->sequences);
	p->forward = forward_new(m, &o, p->ctx->pool);
	p->lm_loss = lm_loss_new(m, p->ctx->isa, CHUNK, forward_logits(p->forward), p->ctx->pool);
	p->row = arena_calloc(p->group * p->sequences * m->layers * m->width, sizeof(float));
	for (size_t h = 0; h < m->heads; h += p->group)
		group_effects(p, h, m->heads - h < p->group ? m->heads - h : p->group);
	lm_loss_free(p->lm_loss);
	forward_free(p->forward);
	free(p->row);
}

static int
check_options(const struct pear_context *ctx, const struct head_effects_options *s, struct fault *f)
{
	if (2 * s->length > ctx->model->context)
		return fault_stop(f,
		    "sequences of %zu + %zu tokens are longer than the model's "
		    "context of %zu; use --length %zu or less",
		    s->length, s->length, ctx->model->context, ctx->model->context / 2);
	if (s->sequences < 2 || s->length < 2)
		return fault_stop(f, "an effect needs two sequences of two tokens or more");
	return 0;
}

static int
check_copies(const struct copy_score *r, struct fault *f)
{
	if (r->metric > 0)
		return 0;
	return fault_stop(f,
	    "this model does not copy: copy accuracy %.4f, metric "
	    "%.4f; without a metric above 0, effects of heads mean nothing",
	    r->accuracy, r->metric);
}

int
head_effects_compute(const struct pear_context *ctx, const struct copy_task *c,
    struct head_effects *e, struct arena *a, struct fault *f)
{
	const struct head_effects_options *s = &e->options;
	struct patching p = { .ctx = ctx,
		.model = ctx->model,
		.effects = e,
		.sequences = s->sequences,
		.length = s->length,
		.at = 2 * s->length - 2 };
	struct copy_batch batch = { .sequences = s->sequences, .n = s->length };
	int rc;

	if (check_options(ctx, s, f) < 0)
		return -2;
	e->effect = arena_alloc(a, ctx->model->layers * ctx->model->heads * sizeof(*e->effect));
	batch.id = p.id = arena_calloc(s->sequences * 2 * s->length, sizeof(*p.id));
	for (size_t i = 0; i < s->sequences; i++)
		copy_task_draw(c, s->seed, i, s->length, p.id + i * 2 * s->length);
	open_saved(&p);
	copy_eval_run(ctx, NULL, &batch, &e->clean, save_row, &p);
	rc = s->allows_non_copying ? 0 : check_copies(&e->clean, f);
	if (rc == 0) {
		find_mean_heads(&p);
		all_effects(&p);
	}
	close_saved(&p);
	free(p.id);
	return rc;
}
