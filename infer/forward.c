#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/forward_state.h"
#include "infer/layers.h"
#include "infer/logits.h"

enum { ROWS = 8 };			/* that a worker takes at a time */

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

typedef void row_fn(struct forward *f, size_t row);

struct each {
	struct forward *f;
	row_fn *fn;
};

static void
run_rows(void *with, size_t item, size_t worker)
{
	const struct each *e = with;

	(void)worker;
	for (size_t r = item * ROWS; r < (item + 1) * ROWS && r < e->f->rows; r++)
		e->fn(e->f, r);
}

/* For what is done to each row by itself. */
static void
each_row(struct forward *f, row_fn *fn)
{
	struct each e = { f, fn };

	pool_run(f->pool, (f->rows + ROWS - 1) / ROWS, run_rows, &e);
}

static void
multiply(struct forward *f, const struct linear *w, float *out, size_t stride)
{
	product_run(f->product, &w->weight, out, stride);
}

/* Scale and bias of a row that multiply() gave.  In an MLP a scale stands behind
 * the bias, if it counts. */
static void
settle(const struct forward *f, const struct linear *w, bool is_mlp, float *row)
{
	const size_t n = w->weight.rows;

	if (!is_mlp)
		layer_scale(w->scale, row, n);
	layer_add_bias(w->bias, row, 1, n);
	if (is_mlp && f->model->architecture->has_mlp_scales)
		layer_scale(w->scale, row, n);
}

static const struct layer *
layer_in_hand(const struct forward *f)
{
	return &f->model->layer[f->layer];
}

static void
norm(const struct forward *f, const struct norm_weights *w, const float *x, float *y,
    size_t rows, size_t width)
{
	layer_norm(f->model->architecture->norm, w, f->model->epsilon, x, y, rows, width);
}

static void
embed_row(struct forward *f, size_t row)
{
	const struct model *m = f->model;
	const size_t width = m->embedding.columns;
	float *x = (m->project_in.weight.data != NULL ? f->normed : f->hidden)
	    + row * width;

	weight_row(&m->embedding, f->id[row], x);
	if (m->architecture->is_scaled)
		layer_scale(sqrtf((float)m->width), x, width);
}

/* Adds a learned position. */
static void
place_row(struct forward *f, size_t row)
{
	const struct model *m = f->model;
	float *x = f->hidden + row * m->width, *learned = f->normed + row * m->width;

	if (m->project_in.weight.data != NULL)
		settle(f, &m->project_in, false, x);
	if (m->position.data != NULL) {
		weight_row(&m->position, (size_t)f->view[row].position, learned);
		layer_add(learned, x, m->width);
	}
	if (m->embedding_norm.weight != NULL)
		norm(f, &m->embedding_norm, x, x, 1, m->width);
	if (m->rope_frequency != NULL)
		layer_rope_angles(m, f->view[row].position,
		    f->cosine + row * m->rope_size / 2, f->sine + row * m->rope_size / 2);
}

static void
embed(struct forward *f)
{
	const struct model *m = f->model;

	each_row(f, embed_row);
	if (m->project_in.weight.data != NULL) {
		product_set(f->product, f->normed, f->rows, m->embedding.columns);
		multiply(f, &m->project_in, f->hidden, m->width);
	}
	each_row(f, place_row);
}

/* What a part of a layer begins with: the hidden states normed, where they are
 * not normed behind it. */
static void
begin_row(struct forward *f, size_t row)
{
	const size_t width = f->model->width;
	const float *x = f->hidden + row * width;
	float *y = f->normed + row * width;

	if (f->model->is_normed_after)
		memcpy(y, x, width * sizeof(*y));
	else
		norm(f, f->part.next, x, y, 1, width);
}

/* hidden += what a part of a layer gave, which some families norm first, and some
 * behind; then the beginning of the next. */
static void
end_row(struct forward *f, size_t row)
{
	const size_t width = f->model->width;
	float *x = f->hidden + row * width, *y = f->normed + row * width;

	settle(f, f->part.linear, f->part.is_mlp, y);
	if (f->part.after->weight != NULL)
		norm(f, f->part.after, y, y, 1, width);
	layer_add(y, x, width);
	if (f->model->is_normed_after)
		norm(f, f->part.norm, x, x, 1, width);
	if (f->part.next != NULL)
		begin_row(f, row);
}

/* Puts keys or values of a row where attention looks for them. */
static void
store(const struct forward *f, size_t row, const float *from, float *cache)
{
	const struct model *m = f->model;
	const size_t size = m->head_size, room = f->options.tokens * size;

	cache += f->layer * m->kv_heads * room + (f->first + row) * size;
	for (size_t h = 0; h < m->kv_heads; h++)
		memcpy(cache + h * room, from + h * size, size * sizeof(*cache));
}

/* q, k and v of a row as attention wants them. */
static void
heads_row(struct forward *f, size_t row)
{
	const struct model *m = f->model;
	const struct layer *l = layer_in_hand(f);
	float *q = f->heads + row * f->heads_stride, *k = q + q_len(m), *v = k + kv_len(m);

	if (l->qkv.weight.data != NULL) {
		settle(f, &l->qkv, false, q);
	} else {
		settle(f, &l->q, false, q);
		settle(f, &l->k, false, k);
		settle(f, &l->v, false, v);
	}
	layer_clamp(m->qkv_clamp, q, q_len(m) + 2 * kv_len(m));
	if (l->q_norm.weight != NULL)
		norm(f, &l->q_norm, q, q, q_len(m) / l->q_norm_len, l->q_norm_len);
	if (l->k_norm.weight != NULL)
		norm(f, &l->k_norm, k, k, kv_len(m) / l->k_norm_len, l->k_norm_len);
	if (m->rope_frequency != NULL)
		layer_rope_turn(m, f->cosine + row * m->rope_size / 2,
		    f->sine + row * m->rope_size / 2, q, m->heads + m->kv_heads);
	store(f, row, k, f->k);
	store(f, row, v, f->v);
}

static void
attend(struct forward *f)
{
	const struct model *m = f->model;
	const struct layer *l = layer_in_hand(f);
	const size_t cache = f->layer * kv_len(m) * f->options.tokens;
	const struct attention a = { .model = m, .layer = l, .q = f->heads,
		.stride = f->heads_stride, .k = f->k + cache, .v = f->v + cache,
		.tokens = f->options.tokens, .view = f->view, .out = f->seen,
		.coefficient = f->options.coefficient != NULL
		? f->options.coefficient + f->layer * m->heads : NULL };

	product_set(f->product, f->normed, f->rows, m->width);
	if (l->qkv.weight.data != NULL) {
		multiply(f, &l->qkv, f->heads, f->heads_stride);
	} else {
		multiply(f, &l->q, f->heads, f->heads_stride);
		multiply(f, &l->k, f->heads + q_len(m), f->heads_stride);
		multiply(f, &l->v, f->heads + q_len(m) + kv_len(m), f->heads_stride);
	}
	each_row(f, heads_row);
	attention_run(&a, f->rows, f->attention);
	product_set(f->product, f->seen, f->rows, q_len(m));
	multiply(f, &l->output, f->normed, m->width);
	f->part = (struct part){ .linear = &l->output, .norm = &l->attention_norm,
		.after = &l->after_attention, .next = &l->mlp_norm };
	each_row(f, end_row);
}

/* What the last matrix of an MLP is given stands where up was. */
static float *
inner(const struct forward *f, const struct layer *l)
{
	return f->wide + (f->model->architecture->is_gated ? l->mlp : 0);
}

static void
inner_row(struct forward *f, size_t row)
{
	const struct layer *l = layer_in_hand(f);
	const enum activation kind = f->model->architecture->activation;
	const bool is_apart = l->gate.weight.data != NULL;
	float *gate = f->wide + row * f->wide_stride;
	float *up = inner(f, l) + row * f->wide_stride;

	if (is_apart)
		settle(f, &l->gate, true, gate);
	settle(f, &l->up, true, is_apart ? up : gate);
	if (up != gate)
		layer_gate(kind, gate, up, l->mlp);
	else
		layer_activate(kind, up, l->mlp);
	layer_divide(l->unscale, up, 1, l->mlp);
}

/* up may be [gate; up]. */
static void
think(struct forward *f)
{
	const struct model *m = f->model;
	const struct layer *l = layer_in_hand(f);
	const bool is_apart = l->gate.weight.data != NULL;
	const bool is_last = f->layer + 1 == m->layers;

	product_set(f->product, f->normed, f->rows, m->width);
	if (is_apart)
		multiply(f, &l->gate, f->wide, f->wide_stride);
	multiply(f, &l->up, f->wide + (is_apart ? l->mlp : 0), f->wide_stride);
	each_row(f, inner_row);
	product_set_strided(f->product, inner(f, l), f->rows, l->mlp, f->wide_stride);
	multiply(f, &l->down, f->normed, m->width);
	f->part = (struct part){ .linear = &l->down, .is_mlp = true,
		.norm = &l->mlp_norm, .after = &l->after_mlp,
		.next = is_last ? NULL : &l[1].attention_norm };
	each_row(f, end_row);
}

void
forward_run(struct forward *f, const uint32_t *id, size_t first, size_t rows)
{
	f->rows = rows;
	f->first = first;
	f->id = id;
	embed(f);
	f->part = (struct part){ .next = &f->model->layer[0].attention_norm };
	each_row(f, begin_row);
	for (f->layer = 0; f->layer < f->model->layers; f->layer++) {
		attend(f);
		think(f);
	}
}

void
forward_ask(struct forward *f, const float *hidden, uint32_t target,
    float *answer)
{
	logits_ask(f->logits, hidden, target, answer);
}

void
forward_ask_likeliest(struct forward *f, const float *hidden, uint32_t *answer)
{
	logits_ask_likeliest(f->logits, hidden, answer);
}

void
forward_answer(struct forward *f)
{
	logits_answer(f->logits);
}
