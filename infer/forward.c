#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/forward.h"
#include "infer/layers.h"
#include "infer/logits.h"
#include "lib/arena.h"

enum { LINE = 64 };

struct forward {
	const struct model *model;
	struct session_options options;
	struct pool *pool;
	struct product *product;
	struct logits *logits;
	struct view *view;
	int32_t *position;
	float *slab;
	float *k, *v;			/* layers x kv_heads x tokens x head_size */
	float *hidden, *normed;		/* rows x width */
	float *q, *new_k, *new_v;	/* rows x heads x head_size; fused: side by side */
	float *seen;			/* what attention gives, rows x heads x head_size */
	float *gate, *up;		/* rows x mlp; up: twice that where it is fused */
	const float *coefficient;	/* of the layer in hand */
	size_t rows, first;
};

/* The parts of the slab, in floats. */
enum part { PART_K, PART_V, PART_HIDDEN, PART_NORMED, PART_Q, PART_NEW_K,
	PART_NEW_V, PART_SEEN, PART_GATE, PART_UP, PARTS };

static size_t
measure(const struct model *m, const struct session_options *o, enum part part)
{
	const size_t kv = m->kv_heads * m->head_size, q = m->heads * m->head_size;

	switch (part) {
	case PART_K:
	case PART_V: return m->layers * kv * o->tokens;
	case PART_HIDDEN:
	case PART_NORMED: return o->batch * m->width;
	case PART_Q: return o->batch * (q + 2 * kv);
	case PART_NEW_K:
	case PART_NEW_V: return o->batch * kv;
	case PART_SEEN: return o->batch * q;
	case PART_GATE: return o->batch * m->mlp_max;
	case PART_UP: return o->batch * 2 * m->mlp_max;
	case PARTS: break;
	}
	return 0;
}

/* Matrices have the largest of these as their inputs. */
static size_t
widest(const struct model *m)
{
	size_t most = m->width, q = m->heads * m->head_size;

	most = q > most ? q : most;
	return m->mlp_max > most ? m->mlp_max : most;
}

size_t
forward_bytes(const struct model *m, const struct session_options *o)
{
	size_t floats = 0;

	for (int i = 0; i < PARTS; i++)
		floats += measure(m, o, (enum part)i) + LINE / sizeof(float);
	return floats * sizeof(float) + logits_bytes(m, o->batch)
	    + o->batch * (widest(m) * sizeof(float) + sizeof(struct view));
}

struct forward *
forward_new(const struct model *m, const struct session_options *o,
    struct pool *pool)
{
	struct forward *f = calloc(1, sizeof(*f));
	float **const part[PARTS] = { &f->k, &f->v, &f->hidden, &f->normed, &f->q,
		&f->new_k, &f->new_v, &f->seen, &f->gate, &f->up };
	float *at;

	if (f == NULL || (f->slab = aligned_alloc(LINE, forward_bytes(m, o) / LINE
	    * LINE + LINE)) == NULL
	    || (f->view = calloc(o->batch, sizeof(*f->view))) == NULL
	    || (f->position = calloc(o->batch, sizeof(*f->position))) == NULL)
		arena_exhausted();
	f->model = m;
	f->options = *o;
	f->pool = pool;
	f->product = product_new(pool, o->level, o->batch, widest(m));
	f->logits = logits_new(m, o->batch, f->product, pool);
	at = f->slab;
	for (int i = 0; i < PARTS; i++) {
		*part[i] = at;
		at += (measure(m, o, (enum part)i) + LINE / sizeof(float) - 1)
		    / (LINE / sizeof(float)) * (LINE / sizeof(float));
	}
	return f;
}

void
forward_free(struct forward *f)
{
	if (f == NULL)
		return;
	product_free(f->product);
	logits_free(f->logits);
	free(f->slab);
	free(f->view);
	free(f->position);
	free(f);
}

struct view *
forward_views(struct forward *f)
{
	return f->view;
}

const float *
forward_hidden(const struct forward *f)
{
	return f->hidden;
}

/* For x that product_set() knows. */
static void
multiply(struct forward *f, const struct linear *w, float *out)
{
	product_run(f->product, &w->weight, out, w->weight.rows);
	layer_scale(w->scale, out, f->rows * w->weight.rows);
	layer_add_bias(w->bias, out, f->rows, w->weight.rows);
}

/* The same in an MLP, where a scale stands behind the bias if it counts. */
static void
multiply_mlp(struct forward *f, const struct linear *w, float *out)
{
	product_run(f->product, &w->weight, out, w->weight.rows);
	layer_add_bias(w->bias, out, f->rows, w->weight.rows);
	if (f->model->architecture->has_mlp_scales)
		layer_scale(w->scale, out, f->rows * w->weight.rows);
}

static void
add_positions(struct forward *f)
{
	const struct model *m = f->model;

	for (size_t r = 0; r < f->rows; r++) {
		weight_row(&m->position, (size_t)f->position[r], f->normed);
		layer_add(f->normed, f->hidden + r * m->width, m->width);
	}
}

static void
embed(struct forward *f, const uint32_t *id)
{
	const struct model *m = f->model;
	const bool is_narrow = m->project_in.weight.data != NULL;
	const size_t width = m->embedding.columns;

	for (size_t r = 0; r < f->rows; r++) {
		float *x = (is_narrow ? f->normed : f->hidden) + r * width;

		f->position[r] = f->view[r].position;
		weight_row(&m->embedding, id[r], x);
		if (m->architecture->is_scaled)
			layer_scale(sqrtf((float)m->width), x, width);
	}
	if (is_narrow) {
		product_set(f->product, f->normed, f->rows, width);
		multiply(f, &m->project_in, f->hidden);
	}
	if (m->position.data != NULL)
		add_positions(f);
	if (m->embedding_norm.weight != NULL)
		layer_norm(m->architecture->norm, &m->embedding_norm, m->epsilon,
		    f->hidden, f->hidden, f->rows, m->width);
}

/* Columns [from, from + n) of rows of q, k and v side by side. */
static void
split(const struct forward *f, const float *fused, size_t stride, size_t from,
    size_t n, float *to)
{
	for (size_t r = 0; r < f->rows; r++)
		memmove(to + r * n, fused + r * stride + from, n * sizeof(*to));
}

/* q, k and v of the batch, before they are turned. */
static void
project(struct forward *f, const struct layer *l)
{
	const struct model *m = f->model;
	const size_t q = m->heads * m->head_size, kv = m->kv_heads * m->head_size;

	product_set(f->product, f->normed, f->rows, m->width);
	if (l->qkv.weight.data != NULL) {
		multiply(f, &l->qkv, f->q);
		layer_clamp(m->qkv_clamp, f->q, f->rows * (q + 2 * kv));
		split(f, f->q, q + 2 * kv, q, kv, f->new_k);
		split(f, f->q, q + 2 * kv, q + kv, kv, f->new_v);
		split(f, f->q, q + 2 * kv, 0, q, f->q);
		return;
	}
	multiply(f, &l->q, f->q);
	multiply(f, &l->k, f->new_k);
	multiply(f, &l->v, f->new_v);
	layer_clamp(m->qkv_clamp, f->q, f->rows * q);
	layer_clamp(m->qkv_clamp, f->new_k, f->rows * kv);
	layer_clamp(m->qkv_clamp, f->new_v, f->rows * kv);
}

/* Puts the batch's keys or values where attention looks for them. */
static void
store(const struct forward *f, const float *rows, float *cache)
{
	const struct model *m = f->model;

	for (size_t r = 0; r < f->rows; r++)
		for (size_t h = 0; h < m->kv_heads; h++)
			memcpy(cache + (h * f->options.tokens + f->first + r)
			    * m->head_size, rows + (r * m->kv_heads + h)
			    * m->head_size, m->head_size * sizeof(*cache));
}

static void
attend(struct forward *f, size_t layer)
{
	const struct model *m = f->model;
	const struct layer *l = &m->layer[layer];
	const size_t cache = layer * m->kv_heads * f->options.tokens * m->head_size;
	struct attention a = { .model = m, .layer = l, .q = f->q, .k = f->k + cache,
		.v = f->v + cache, .tokens = f->options.tokens, .view = f->view,
		.out = f->seen, .coefficient = f->options.coefficient != NULL
		? f->options.coefficient + layer * m->heads : NULL };

	project(f, l);
	if (l->q_norm.weight != NULL)
		layer_norm(m->architecture->norm, &l->q_norm, m->epsilon, f->q, f->q,
		    f->rows * m->heads * m->head_size / l->q_norm_len, l->q_norm_len);
	if (l->k_norm.weight != NULL)
		layer_norm(m->architecture->norm, &l->k_norm, m->epsilon, f->new_k,
		    f->new_k, f->rows * m->kv_heads * m->head_size / l->k_norm_len,
		    l->k_norm_len);
	if (m->rope_frequency != NULL) {
		layer_rope(m, f->q, f->rows, m->heads, m->heads * m->head_size,
		    f->position);
		layer_rope(m, f->new_k, f->rows, m->kv_heads,
		    m->kv_heads * m->head_size, f->position);
	}
	store(f, f->new_k, f->k + cache);
	store(f, f->new_v, f->v + cache);
	attention_run(&a, f->rows, f->pool);
	product_set(f->product, f->seen, f->rows, m->heads * m->head_size);
	multiply(f, &l->output, f->normed);
}

/* [gate; up] side by side becomes two. */
static void
unfuse(struct forward *f, size_t mlp)
{
	split(f, f->up, 2 * mlp, 0, mlp, f->gate);
	split(f, f->up, 2 * mlp, mlp, mlp, f->up);
}

static void
think(struct forward *f, const struct layer *l)
{
	const struct architecture *a = f->model->architecture;

	product_set(f->product, f->normed, f->rows, f->model->width);
	multiply_mlp(f, &l->up, f->up);
	if (l->gate.weight.data != NULL)
		multiply_mlp(f, &l->gate, f->gate);
	else if (a->is_gated)
		unfuse(f, l->mlp);
	if (a->is_gated)
		layer_gate(a->activation, f->gate, f->up, f->rows * l->mlp);
	else
		layer_activate(a->activation, f->up, f->rows * l->mlp);
	layer_divide(l->unscale, f->up, f->rows, l->mlp);
	product_set(f->product, f->up, f->rows, l->mlp);
	multiply_mlp(f, &l->down, f->normed);
}

/* What a part of a layer begins with: the hidden states normed, where they are
 * not normed behind it. */
static void
begin_part(struct forward *f, const struct norm_weights *norm)
{
	const struct model *m = f->model;

	if (m->is_normed_after)
		memcpy(f->normed, f->hidden, f->rows * m->width * sizeof(float));
	else
		layer_norm(m->architecture->norm, norm, m->epsilon, f->hidden, f->normed,
		    f->rows, m->width);
}

/* hidden += what a part of a layer gave, which some families norm first, and
 * some behind. */
static void
end_part(struct forward *f, const struct norm_weights *norm,
    const struct norm_weights *after)
{
	const struct model *m = f->model;

	if (after->weight != NULL)
		layer_norm(m->architecture->norm, after, m->epsilon, f->normed,
		    f->normed, f->rows, m->width);
	layer_add(f->normed, f->hidden, f->rows * m->width);
	if (m->is_normed_after)
		layer_norm(m->architecture->norm, norm, m->epsilon, f->hidden, f->hidden,
		    f->rows, m->width);
}

void
forward_run(struct forward *f, const uint32_t *id, size_t first, size_t rows)
{
	const struct model *m = f->model;

	f->rows = rows;
	f->first = first;
	embed(f, id);
	for (size_t i = 0; i < m->layers; i++) {
		const struct layer *l = &m->layer[i];

		begin_part(f, &l->attention_norm);
		attend(f, i);
		end_part(f, &l->attention_norm, &l->after_attention);
		begin_part(f, &l->mlp_norm);
		think(f, l);
		end_part(f, &l->mlp_norm, &l->after_mlp);
	}
}

void
forward_ask(struct forward *f, const float *hidden, uint32_t target,
    float *answer)
{
	logits_ask(f->logits, hidden, target, answer);
}

void
forward_answer(struct forward *f)
{
	logits_answer(f->logits);
}
