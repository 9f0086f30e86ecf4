#include "config.h"

#include <string.h>

#include "infer/layers.h"
#include "infer/parts.h"

enum { ROWS = 8 };			/* of activations: an item of work */

size_t
parts_widest(const struct model *m)
{
	size_t most = m->width, q = m->heads * m->head_size;

	most = q > most ? q : most;
	return m->mlp_max > most ? m->mlp_max : most;
}

void
parts_multiply(const struct parts *p, const struct linear *w, float *out,
    size_t rows)
{
	product_run(p->product, &w->weight, out, w->weight.rows);
	layer_scale(w->scale, out, rows * w->weight.rows);
	layer_add_bias(w->bias, out, rows, w->weight.rows);
}

/* In an MLP a scale stands behind the bias, if it counts. */
static void
multiply_mlp(const struct parts *p, const struct linear *w, float *out,
    size_t rows)
{
	product_run(p->product, &w->weight, out, w->weight.rows);
	layer_add_bias(w->bias, out, rows, w->weight.rows);
	if (p->model->architecture->has_mlp_scales)
		layer_scale(w->scale, out, rows * w->weight.rows);
}

void
parts_begin(const struct parts *p, const struct norm_weights *norm,
    const float *hidden, float *normed, size_t rows)
{
	const struct model *m = p->model;

	if (m->is_normed_after)
		memcpy(normed, hidden, rows * m->width * sizeof(*normed));
	else
		layer_norm(m->architecture->norm, norm, m->epsilon, hidden, normed, rows,
		    m->width);
}

bool
parts_is_taken(const struct model *m, const struct norm_weights *after)
{
	return m->is_normed_after || after->weight != NULL;
}

void
parts_end(const struct parts *p, const struct norm_weights *norm,
    const struct norm_weights *after, float *given, float *taken, float *hidden,
    size_t rows)
{
	const struct model *m = p->model;
	const enum norm kind = m->architecture->norm;
	const size_t n = rows * m->width;

	if (taken != NULL && after->weight != NULL)
		memcpy(taken, given, n * sizeof(*taken));
	if (after->weight != NULL)
		layer_norm(kind, after, m->epsilon, given, given, rows, m->width);
	layer_add(given, hidden, n);
	if (!m->is_normed_after)
		return;
	if (taken != NULL)
		memcpy(taken, hidden, n * sizeof(*taken));
	layer_norm(kind, norm, m->epsilon, hidden, hidden, rows, m->width);
}

/* Columns [from, from + n) of rows that are `stride` long. */
static void
split(const float *fused, size_t stride, size_t from, size_t n, float *to,
    size_t rows)
{
	for (size_t r = 0; r < rows; r++)
		memcpy(to + r * n, fused + r * stride + from, n * sizeof(*to));
}

void
parts_project(const struct parts *p, const struct layer *l, const float *normed,
    float *fused, float *q, float *k, float *v, size_t rows)
{
	const struct model *m = p->model;
	const size_t nq = m->heads * m->head_size, nkv = m->kv_heads * m->head_size;

	product_set(p->product, normed, rows, m->width);
	if (l->qkv.weight.data != NULL) {
		parts_multiply(p, &l->qkv, fused, rows);
		split(fused, nq + 2 * nkv, 0, nq, q, rows);
		split(fused, nq + 2 * nkv, nq, nkv, k, rows);
		split(fused, nq + 2 * nkv, nq + nkv, nkv, v, rows);
	} else {
		parts_multiply(p, &l->q, q, rows);
		parts_multiply(p, &l->k, k, rows);
		parts_multiply(p, &l->v, v, rows);
	}
	layer_clamp(m->qkv_clamp, q, rows * nq);
	layer_clamp(m->qkv_clamp, k, rows * nkv);
	layer_clamp(m->qkv_clamp, v, rows * nkv);
}

void
parts_turn(const struct parts *p, const struct layer *l, const int32_t *position,
    float *q, float *k, size_t rows)
{
	const struct model *m = p->model;
	const size_t nq = m->heads * m->head_size, nkv = m->kv_heads * m->head_size;
	const enum norm kind = m->architecture->norm;

	if (l->q_norm.weight != NULL)
		layer_norm(kind, &l->q_norm, m->epsilon, q, q, rows * nq / l->q_norm_len,
		    l->q_norm_len);
	if (l->k_norm.weight != NULL)
		layer_norm(kind, &l->k_norm, m->epsilon, k, k, rows * nkv / l->k_norm_len,
		    l->k_norm_len);
	if (m->rope_frequency == NULL)
		return;
	layer_rope(m, q, rows, m->heads, nq, position);
	layer_rope(m, k, rows, m->kv_heads, nkv, position);
}

struct act {
	const struct parts *p;
	const struct layer *l;
	const struct parts_mlp *room;
	size_t rows;
};

static void
act_item(void *with, size_t item, size_t worker)
{
	const struct act *a = with;
	const struct architecture *kind = a->p->model->architecture;
	const size_t first = item * ROWS, n = a->l->mlp;
	const size_t rows = a->rows - first < ROWS ? a->rows - first : ROWS;
	float *act = a->room->act + first * n;

	(void)worker;
	memcpy(act, a->room->up + first * n, rows * n * sizeof(*act));
	if (kind->is_gated)
		layer_gate(kind->activation, a->room->gate + first * n, act, rows * n);
	else
		layer_activate(kind->activation, act, rows * n);
	layer_divide(a->l->unscale, act, rows, n);
}

void
parts_think(const struct parts *p, const struct layer *l, const float *normed,
    const struct parts_mlp *room, float *given, size_t rows)
{
	struct act a = { .p = p, .l = l, .room = room, .rows = rows };
	const bool is_fused = p->model->architecture->is_gated
	    && l->gate.weight.data == NULL;

	product_set(p->product, normed, rows, p->model->width);
	multiply_mlp(p, &l->up, is_fused ? room->act : room->up, rows);
	if (is_fused) {
		split(room->act, 2 * l->mlp, 0, l->mlp, room->gate, rows);
		split(room->act, 2 * l->mlp, l->mlp, l->mlp, room->up, rows);
	} else if (p->model->architecture->is_gated) {
		multiply_mlp(p, &l->gate, room->gate, rows);
	}
	pool_run(p->pool, (rows + ROWS - 1) / ROWS, act_item, &a);
	product_set(p->product, room->act, rows, l->mlp);
	multiply_mlp(p, &l->down, given, rows);
}
