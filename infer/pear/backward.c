#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/pear/backward.h"
#include "infer/pear/attention_backward.h"
#include "infer/forward/ops.h"
#include "infer/pear/ops_backward.h"
#include "lib/core/arena.h"

enum { ROWS = 8 };			/* of activations: an item of work */

struct backward {
	const struct trace *trace;
	const struct model *model;
	struct product_back *product;
	float *part, *normed;		/* gradients, rows x width */
	float *gate, *up;		/* rows x mlp */
	float *seen, *turned;		/* rows x heads x head_size */
	float *q, *k, *v;		/* gradients; k turned stands behind v */
	float *turned_k;
	float *fused;			/* gradients, side by side */
	int32_t *position;		/* of each row */
};

/* Of q, k and v, or of gate and up. */
static size_t
fused_floats(const struct model *m)
{
	const size_t heads = (m->heads + 2 * m->kv_heads) * m->head_size;

	return 2 * m->mlp_max > heads ? 2 * m->mlp_max : heads;
}

/* Outputs of the widest product that is gone back through. */
static size_t
widest_output(const struct model *m)
{
	return m->width > fused_floats(m) ? m->width : fused_floats(m);
}

static size_t
row_floats(const struct model *m)
{
	const size_t q = m->heads * m->head_size, kv = m->kv_heads * m->head_size;

	return 2 * m->width + 2 * m->mlp_max + 3 * q + 3 * kv + fused_floats(m);
}

size_t
backward_bytes(const struct model *m, const struct trace_options *o)
{
	return o->texts * o->length * (row_floats(m) + widest_output(m))
	    * sizeof(float);
}

struct backward *
backward_new(const struct trace *t)
{
	const struct model *m = t->model;
	const size_t rows = t->options.texts * t->options.length;
	const size_t q = m->heads * m->head_size, kv = m->kv_heads * m->head_size;
	struct backward *b = arena_array(1, sizeof(*b));
	float *at = arena_array(rows * row_floats(m), sizeof(*at));

	b->trace = t;
	b->model = m;
	b->product = product_back_new(t->pool, t->options.level, rows,
	    widest_output(m));
	b->part = at;
	b->normed = b->part + rows * m->width;
	b->gate = b->normed + rows * m->width;
	b->up = b->gate + rows * m->mlp_max;
	b->seen = b->up + rows * m->mlp_max;
	b->turned = b->seen + rows * q;
	b->q = b->turned + rows * q;
	b->k = b->q + rows * q;
	b->v = b->k + rows * kv;
	b->turned_k = b->v + rows * kv;
	b->fused = b->turned_k + rows * kv;
	b->position = arena_array(rows, sizeof(*b->position));
	for (size_t i = 0; i < rows; i++)
		b->position[i] = (int32_t)(i % t->options.length);
	return b;
}

void
backward_free(struct backward *b)
{
	if (b == NULL)
		return;
	product_back_free(b->product);
	free(b->part);
	free(b->position);
	free(b);
}

/* Through y = scale * (x w^T): d x from d y, which is scaled in place. */
static void
multiply_back(struct backward *b, const struct linear *w, bool is_scaled,
    float *dy, float *dx, bool is_sum)
{
	if (is_scaled)
		layer_scale(w->scale, dy, b->trace->rows * w->weight.rows);
	product_back_run(b->product, &w->weight, dy, b->trace->rows, dx, is_sum);
}

/* The gradient by what a part gave, from that by hidden states behind it, which
 * is changed to that by hidden states before the sum. */
static void
end_part_back(struct backward *b, const struct norm_weights *norm,
    const struct norm_weights *after, const float *taken, float *d)
{
	const struct model *m = b->model;
	const enum norm kind = m->architecture->norm;
	const size_t rows = b->trace->rows;

	if (m->is_normed_after)
		layer_norm_back(kind, norm, m->epsilon, taken, d, d, rows, m->width, false);
	if (after->weight != NULL)
		layer_norm_back(kind, after, m->epsilon, taken, d, b->part, rows, m->width,
		    false);
	else
		memcpy(b->part, d, rows * m->width * sizeof(*d));
}

/* Adds to the gradient by hidden states that by what a part began with. */
static void
begin_part_back(struct backward *b, const struct norm_weights *norm,
    const float *hidden, float *d)
{
	const struct model *m = b->model;

	if (m->is_normed_after)
		layer_add(b->normed, d, b->trace->rows * m->width);
	else
		layer_norm_back(m->architecture->norm, norm, m->epsilon, hidden, b->normed,
		    d, b->trace->rows, m->width, true);
}

struct act {
	struct backward *b;
	const struct layer *l;
	const struct trace_layer *keep;
};

/* b->up: from the gradient by what the down projection took to that by up. */
static void
act_item(void *with, size_t item, size_t worker)
{
	const struct act *a = with;
	const struct architecture *kind = a->b->model->architecture;
	const size_t n = a->l->mlp, at = item * ROWS * n;
	const size_t left = a->b->trace->rows - item * ROWS;
	const size_t rows = left < ROWS ? left : ROWS;

	(void)worker;
	layer_divide(a->l->unscale, a->b->up + at, rows, n);
	if (kind->is_gated)
		layer_gate_back(kind->activation, a->keep->at[MOMENT_GATE] + at, a->keep->at[MOMENT_UP] + at,
		    a->b->up + at, a->b->gate + at, rows * n);
	else
		layer_activate_back(kind->activation, a->keep->at[MOMENT_UP] + at, a->b->up + at,
		    rows * n);
}

/* Columns [from, from + n) of rows that are `stride` long. */
static void
join(const float *rows, size_t n, float *fused, size_t stride, size_t from,
    size_t count)
{
	for (size_t r = 0; r < count; r++)
		memcpy(fused + r * stride + from, rows + r * n, n * sizeof(*rows));
}

static void
think_back(struct backward *b, const struct layer *l,
    const struct trace_layer *keep)
{
	const size_t rows = b->trace->rows;
	const bool is_scaled = b->model->architecture->has_mlp_scales;
	struct act a = { b, l, keep };

	multiply_back(b, &l->down, is_scaled, b->part, b->up, false);
	pool_run(b->trace->pool, (rows + ROWS - 1) / ROWS, act_item, &a);
	if (l->gate.weight.data != NULL) {
		multiply_back(b, &l->gate, is_scaled, b->gate, b->normed, false);
		multiply_back(b, &l->up, is_scaled, b->up, b->normed, true);
	} else if (b->model->architecture->is_gated) {
		join(b->gate, l->mlp, b->fused, 2 * l->mlp, 0, rows);
		join(b->up, l->mlp, b->fused, 2 * l->mlp, l->mlp, rows);
		multiply_back(b, &l->up, is_scaled, b->fused, b->normed, false);
	} else {
		multiply_back(b, &l->up, is_scaled, b->up, b->normed, false);
	}
}

struct heads {
	struct backward *b;
	const struct trace_layer *keep;
	size_t layer;
	double *out;
};

/* One head of one text: its coefficient's gradient, and b->seen from the gradient
 * by what the projection took to that by what the head saw. */
static void
head_item(void *with, size_t item, size_t worker)
{
	const struct heads *h = with;
	const struct trace *t = h->b->trace;
	const struct model *m = t->model;
	const size_t text = item / m->heads, head = item % m->heads;
	const float *by = t->options.coefficient;
	double sum = 0;

	(void)worker;
	for (size_t i = 0; i < t->options.length; i++) {
		size_t at = ((text * t->options.length + i) * m->heads + head)
		    * m->head_size;

		for (size_t k = at; k < at + m->head_size; k++)
			sum += (double)h->b->seen[k] * (double)h->keep->at[MOMENT_SEEN][k];
		if (by != NULL)
			layer_scale(by[h->layer * m->heads + head], h->b->seen + at,
			    m->head_size);
	}
	h->out[(text * m->layers + h->layer) * m->heads + head] = sum;
}

/* Through norms and turns of q or k; `before` is what went into them. */
static void
turn_back(struct backward *b, const struct norm_weights *norm, size_t norm_len,
    const float *before, size_t heads, float *d)
{
	const struct model *m = b->model;
	const size_t rows = b->trace->rows, n = heads * m->head_size;

	if (m->rope_frequency != NULL)
		layer_rope_back(m, d, rows, heads, n, b->position);
	if (norm->weight != NULL)
		layer_norm_back(m->architecture->norm, norm, m->epsilon, before, d, d,
		    rows * n / norm_len, norm_len, false);
	layer_clamp_back(m->qkv_clamp, before, d, rows * n);
}

static void
project_back(struct backward *b, const struct layer *l)
{
	const struct model *m = b->model;
	const size_t q = m->heads * m->head_size, kv = m->kv_heads * m->head_size;
	const size_t rows = b->trace->rows;

	if (l->qkv.weight.data == NULL) {
		multiply_back(b, &l->q, true, b->q, b->normed, false);
		multiply_back(b, &l->k, true, b->k, b->normed, true);
		multiply_back(b, &l->v, true, b->v, b->normed, true);
		return;
	}
	join(b->q, q, b->fused, q + 2 * kv, 0, rows);
	join(b->k, kv, b->fused, q + 2 * kv, q, rows);
	join(b->v, kv, b->fused, q + 2 * kv, q + kv, rows);
	multiply_back(b, &l->qkv, true, b->fused, b->normed, false);
}

/* Gradients by what heads saw become those by normed states. */
static void
attend_back(struct backward *b, const struct layer *l,
    const struct trace_layer *keep)
{
	const struct trace *t = b->trace;
	const struct model *m = b->model;
	const size_t q = m->heads * m->head_size, kv = m->kv_heads * m->head_size;
	struct attention_back c = { .model = m, .layer = l, .texts = t->texts,
		.length = t->options.length, .q = b->turned, .k = b->turned_k,
		.v = keep->at[MOMENT_V] };

	memcpy(b->turned, keep->at[MOMENT_Q], t->rows * q * sizeof(float));
	memcpy(b->turned_k, keep->at[MOMENT_K], t->rows * kv * sizeof(float));
	for (size_t r = 0; r < t->rows; r++) {
		forward_turn(t->forward, &l->q_norm, l->q_norm_len, r, b->turned + r * q,
		    m->heads);
		forward_turn(t->forward, &l->k_norm, l->k_norm_len, r,
		    b->turned_k + r * kv, m->kv_heads);
	}
	attention_back_run(&c, b->seen, b->q, b->k, b->v, t->pool);
	turn_back(b, &l->q_norm, l->q_norm_len, keep->at[MOMENT_Q], m->heads, b->q);
	turn_back(b, &l->k_norm, l->k_norm_len, keep->at[MOMENT_K], m->kv_heads, b->k);
	layer_clamp_back(m->qkv_clamp, keep->at[MOMENT_V], b->v, t->rows * kv);
	project_back(b, l);
}

void
backward_run(struct backward *b, float *d, double *out)
{
	const struct trace *t = b->trace;
	const struct model *m = b->model;
	struct heads h = { .b = b, .out = out };

	memset(out, 0, t->texts * m->layers * m->heads * sizeof(*out));
	for (size_t i = m->layers; i-- > t->options.first;) {
		const struct layer *l = &m->layer[i];
		const struct trace_layer *keep = &t->layer[i];

		end_part_back(b, &l->mlp_norm, &l->after_mlp, keep->at[MOMENT_MLP], d);
		think_back(b, l, keep);
		begin_part_back(b, &l->mlp_norm, keep->at[MOMENT_BETWEEN], d);
		end_part_back(b, &l->attention_norm, &l->after_attention, keep->at[MOMENT_ATTENTION],
		    d);
		multiply_back(b, &l->output, true, b->part, b->seen, false);
		h.keep = keep;
		h.layer = i;
		pool_run(t->pool, t->texts * m->heads, head_item, &h);
		if (i == t->options.first)
			break;
		attend_back(b, l, keep);
		begin_part_back(b, &l->attention_norm, keep->at[MOMENT_BEFORE], d);
	}
}
