#include "config.h"

#include <string.h>

#include "infer/forward/forward_rows.h"
#include "infer/forward/ops.h"
#include "infer/matmul/quantize.h"

static const struct layer *
layer_in_hand(const struct forward *f)
{
	return &f->model->layer[f->layer];
}

static void
show(const struct forward *f, enum moment moment, size_t row, const float *x, size_t n)
{
	if (f->options.see != NULL)
		f->options.see(f->options.with, moment, f->layer, row, x, n);
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
		forward_norm(f, f->part.next, x, y, 1, width);
}

void
forward_begin(struct forward *f)
{
	f->part = (struct part){ .next = &f->model->layer[0].attention_norm };
	forward_each_row(f, begin_row);
}

bool
forward_norms_behind(const struct model *m, const struct norm_weights *after)
{
	return m->is_normed_after || after->weight != NULL;
}

/* hidden += what a part of a layer gave, which some families norm first, and some
 * behind, none both; then the beginning of the next. */
static void
join_row(struct forward *f, size_t row)
{
	const size_t width = f->model->width;
	const enum moment moment = f->part.is_mlp ? MOMENT_MLP : MOMENT_ATTENTION;
	float *x = f->hidden + row * width, *y = f->normed + row * width;

	if (f->part.after->weight != NULL) {
		show(f, moment, row, y, width);
		forward_norm(f, f->part.after, y, y, 1, width);
	}
	layer_add(y, x, width);
	if (f->model->is_normed_after) {
		show(f, moment, row, x, width);
		forward_norm(f, f->part.norm, x, x, 1, width);
	}
	if (f->part.next != NULL)
		begin_row(f, row);
}

static void
end_row(struct forward *f, size_t row)
{
	float *y = f->normed + row * f->model->width;

	forward_settle(f, f->part.linear, f->part.is_mlp, y);
	if (!f->part.is_mlp)
		show(f, MOMENT_GIVEN, row, y, f->model->width);
	join_row(f, row);
}

void
forward_turn(const struct forward *f, const struct norm_weights *norm, size_t norm_len,
    size_t row, float *x, size_t heads)
{
	const struct model *m = f->model;

	if (norm->weight != NULL)
		forward_norm(f, norm, x, x, heads * m->head_size / norm_len, norm_len);
	if (m->rope_frequency != NULL)
		layer_rope_turn(m, f->cosine + row * m->rope_size / 2,
		    f->sine + row * m->rope_size / 2, x, heads);
}

/* Where a layer's keys or values begin in the cache. */
static float *
cache(const struct forward *f, float *of)
{
	return of + (f->options.is_whole ? 0 : f->layer) * kv_len(f->model)
	    * f->options.tokens;
}

/* Puts keys or values of a row where attention looks for them. */
static void
store(const struct forward *f, size_t row, float *from, float *to)
{
	const struct model *m = f->model;
	const size_t size = m->head_size, room = f->options.tokens * size;

	if (attention_is_rounded(f->options.precision))
		pack_nearest_bf16(from, kv_len(m));
	to += (f->first + row) * size;
	for (size_t h = 0; h < m->kv_heads; h++)
		memcpy(to + h * room, from + h * size, size * sizeof(*to));
}

/* q, k and v of a row as attention wants them. */
static void
heads_row(struct forward *f, size_t row)
{
	const struct model *m = f->model;
	const struct layer *l = layer_in_hand(f);
	float *q = f->heads + row * f->heads_stride, *k = q + q_len(m), *v = k + kv_len(m);

	if (l->qkv.weight.data != NULL) {
		forward_settle(f, &l->qkv, false, q);
	} else {
		forward_settle(f, &l->q, false, q);
		forward_settle(f, &l->k, false, k);
		forward_settle(f, &l->v, false, v);
	}
	layer_clamp(m->qkv_clamp, q, q_len(m) + 2 * kv_len(m));
	show(f, MOMENT_BEFORE, row, f->hidden + row * m->width, m->width);
	show(f, MOMENT_Q, row, q, q_len(m));
	show(f, MOMENT_K, row, k, kv_len(m));
	show(f, MOMENT_V, row, v, kv_len(m));
	forward_turn(f, &l->q_norm, l->q_norm_len, row, q, m->heads);
	forward_turn(f, &l->k_norm, l->k_norm_len, row, k, m->kv_heads);
	store(f, row, k, cache(f, f->k));
	store(f, row, v, cache(f, f->v));
}

/* Coefficients of a layer's heads. */
static const float *
coefficients(const struct forward *f)
{
	return f->options.coefficient != NULL
	    ? f->options.coefficient + f->layer * f->model->heads : NULL;
}

static void
seen_row(struct forward *f, size_t row)
{
	const struct model *m = f->model;
	const float *by = coefficients(f);
	float *x = f->seen + row * q_len(m);

	show(f, MOMENT_SEEN, row, x, q_len(m));
	for (size_t h = 0; by != NULL && h < m->heads; h++)
		layer_scale(by[h], x + h * m->head_size, m->head_size);
}

static void
end_attention(struct forward *f, forward_row_fn *fn)
{
	const struct layer *l = layer_in_hand(f);

	f->part = (struct part){ .linear = &l->output, .norm = &l->attention_norm,
		.after = &l->after_attention, .next = &l->mlp_norm };
	forward_each_row(f, fn);
}

/* Rows whose hidden states nobody asks for go no further when their keys and values of
 * the last layer are in the cache. */
static void
keep_wanted(struct forward *f)
{
	const size_t width = f->model->width, q = q_len(f->model);
	size_t kept = 0;

	for (size_t row = 0; row < f->rows; row++) {
		if (!f->view[row].is_wanted)
			continue;
		if (kept < row) {
			f->view[kept] = f->view[row];
			memcpy(f->hidden + kept * width, f->hidden + row * width,
			    width * sizeof(*f->hidden));
			memcpy(f->heads + kept * f->heads_stride,
			    f->heads + row * f->heads_stride, q * sizeof(*f->heads));
		}
		kept++;
	}
	f->rows = kept;
}

static void
project(struct forward *f)
{
	product_set(f->product, f->seen, f->rows, q_len(f->model));
	forward_multiply(f, &layer_in_hand(f)->output, f->normed, f->model->width);
	end_attention(f, end_row);
}

void
forward_attend(struct forward *f)
{
	const struct model *m = f->model;
	const struct layer *l = layer_in_hand(f);
	/* who watches sees heads before their coefficients */
	const bool is_watched = f->options.see != NULL;
	const struct attention a = { .model = m, .layer = l, .q = f->heads,
		.stride = f->heads_stride, .k = cache(f, f->k), .v = cache(f, f->v),
		.tokens = f->options.tokens, .view = f->view, .out = f->seen,
		.coefficient = is_watched ? NULL : coefficients(f) };

	product_set(f->product, f->normed, f->rows, m->width);
	if (l->qkv.weight.data != NULL) {
		forward_multiply(f, &l->qkv, f->heads, f->heads_stride);
	} else {
		float *k = f->heads + q_len(m);
		const struct product_matrix all[] = {
			{ &l->q.weight, f->heads, f->heads_stride },
			{ &l->k.weight, k, f->heads_stride },
			{ &l->v.weight, k + kv_len(m), f->heads_stride },
		};

		product_run_all(f->product, all, 3);
	}
	forward_each_row(f, heads_row);
	if (f->layer + 1 == m->layers)
		keep_wanted(f);
	attention_run(&a, f->rows, f->attention);
	if (is_watched)
		forward_each_row(f, seen_row);
	project(f);
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
		forward_settle(f, &l->gate, true, gate);
	forward_settle(f, &l->up, true, is_apart ? up : gate);
	show(f, MOMENT_BETWEEN, row, f->hidden + row * f->model->width, f->model->width);
	show(f, MOMENT_UP, row, up, l->mlp);
	if (up != gate) {
		show(f, MOMENT_GATE, row, gate, l->mlp);
		layer_gate(kind, gate, up, l->mlp);
	} else {
		layer_activate(kind, up, l->mlp);
	}
	layer_divide(l->unscale, up, 1, l->mlp);
}

/* Is there nothing to settle? */
static bool
is_settled(const struct linear *w)
{
	return w->bias == NULL && w->scale == 1;
}

/* Gate and up as one product, where nothing is done to either before they are joined. */
static bool
is_joined(const struct forward *f, const struct layer *l)
{
	return l->gate.weight.data != NULL && l->gate.weight.type == l->up.weight.type
	    && is_settled(&l->gate) && is_settled(&l->up) && l->unscale == NULL
	    && f->options.see == NULL;
}

static void
join_gate(const void *with, const float *gate, float *up, size_t n)
{
	const struct architecture *a = with;

	layer_gate(a->activation, gate, up, n);
}

/* What the last matrix of an MLP is given becomes x of the product. */
static void
multiply_inner(struct forward *f, const struct layer *l)
{
	const bool is_apart = l->gate.weight.data != NULL;
	const struct product_join both = {
		.up = { &l->up.weight, inner(f, l), f->wide_stride },
		.gate = &l->gate.weight, .join = join_gate, .with = f->model->architecture };

	if (is_joined(f, l)) {
		product_run_joined(f->product, &both);
		return;
	}
	if (is_apart)
		forward_multiply(f, &l->gate, f->wide, f->wide_stride);
	forward_multiply(f, &l->up, f->wide + (is_apart ? l->mlp : 0), f->wide_stride);
	forward_each_row(f, inner_row);
	product_set_strided(f->product, inner(f, l), f->rows, l->mlp, f->wide_stride);
}

/* up may be [gate; up]. */
void
forward_think(struct forward *f)
{
	const struct model *m = f->model;
	const struct layer *l = layer_in_hand(f);
	const bool is_last = f->layer + 1 == m->layers;

	product_set(f->product, f->normed, f->rows, m->width);
	multiply_inner(f, l);
	forward_multiply(f, &l->down, f->normed, m->width);
	f->part = (struct part){ .linear = &l->down, .is_mlp = true,
		.norm = &l->mlp_norm, .after = &l->after_mlp,
		.next = is_last ? NULL : &l[1].attention_norm };
	forward_each_row(f, end_row);
}

void
forward_from_seen(struct forward *f, size_t layer, size_t rows)
{
	f->layer = layer;
	f->rows = rows;
	project(f);
	forward_think(f);
}

void
forward_from_given(struct forward *f, size_t layer, size_t rows)
{
	f->layer = layer;
	f->rows = rows;
	end_attention(f, join_row);
	forward_think(f);
}
