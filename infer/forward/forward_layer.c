/* forward_layer.c - one layer: attention, MLP and the norms and residual sums around them. */

#include "config.h"

#include <string.h>

#include "infer/forward/forward_rows.h"
#include "infer/forward/ops.h"
#include "infer/matmul/quantize.h"

static const struct layer *
current_layer(const struct forward *f)
{
	return &f->model->layer[f->layer];
}

static void
call_hook(const struct forward *f, enum hook hook, size_t row, const float *x, size_t n)
{
	if (f->options.hook != NULL)
		f->options.hook(f->options.with, hook, f->layer, row, x, n);
}

/* A sublayer's input: the normed hidden states, or in post-norm models the states themselves. */
static void
pre_norm_row(struct forward *f, size_t row)
{
	const size_t width = f->model->width;
	const float *x = f->hidden + row * width;
	float *y = f->normed + row * width;

	if (f->model->is_post_norm)
		memcpy(y, x, width * sizeof(*y));
	else
		forward_norm(f, f->sublayer.next, x, y, 1, width);
}

void
forward_begin(struct forward *f)
{
	f->sublayer = (struct sublayer){ .next = &f->model->layer[0].attention_norm };
	forward_each_row(f, pre_norm_row);
}

bool
forward_has_post_norm(const struct model *m, const struct norm_weights *after)
{
	return m->is_post_norm || after->weight != NULL;
}

/* hidden += the sublayer's output, with a norm before the sum, after it, or neither; then the
 * next sublayer's input. */
static void
add_residual_row(struct forward *f, size_t row)
{
	const size_t width = f->model->width;
	const enum hook hook = f->sublayer.is_mlp ? HOOK_MLP_POST : HOOK_ATTN_POST;
	float *x = f->hidden + row * width, *y = f->normed + row * width;

	if (f->sublayer.after->weight != NULL) {
		call_hook(f, hook, row, y, width);
		forward_norm(f, f->sublayer.after, y, y, 1, width);
	}
	ops_add(y, x, width);
	if (f->model->is_post_norm) {
		call_hook(f, hook, row, x, width);
		forward_norm(f, f->sublayer.norm, x, x, 1, width);
	}
	if (f->sublayer.next != NULL)
		pre_norm_row(f, row);
}

static void
output_row(struct forward *f, size_t row)
{
	float *y = f->normed + row * f->model->width;

	forward_bias_scale(f, f->sublayer.linear, f->sublayer.is_mlp, y);
	if (!f->sublayer.is_mlp)
		call_hook(f, HOOK_ATTN_OUT, row, y, f->model->width);
	add_residual_row(f, row);
	if (f->sublayer.is_mlp)
		forward_check_row(f, row, f->layer + 1);
}

void
forward_norm_rope(const struct forward *f, const struct norm_weights *norm, size_t norm_len,
    size_t row, float *x, size_t heads)
{
	const struct model *m = f->model;

	if (norm->weight != NULL)
		forward_norm(f, norm, x, x, heads * m->head_size / norm_len, norm_len);
	if (m->rope_frequency != NULL)
		rope_apply(m, f->cosine + row * m->rope_size / 2, f->sine + row * m->rope_size / 2,
		    x, heads);
}

/* The current layer's part of the cache. */
static float *
layer_cache(const struct forward *f, float *of)
{
	return of
	    + (f->options.has_whole_sequences ? 0 : f->layer) * kv_len(f->model)
	    * f->options.tokens;
}

/* Stores keys or values of a row in the cache. */
static void
store(const struct forward *f, size_t row, float *from, float *to)
{
	const struct model *m = f->model;
	const size_t size = m->head_size, head_floats = f->options.tokens * size;

	if (attention_is_bf16(f->options.precision))
		quantize_bf16_in_place(from, kv_len(m));
	to += (f->first + row) * size;
	for (size_t h = 0; h < m->kv_heads; h++)
		memcpy(to + h * head_floats, from + h * size, size * sizeof(*to));
}

/* Bias, clamp, norm and RoPE of q, k and v. */
static void
qkv_row(struct forward *f, size_t row)
{
	const struct model *m = f->model;
	const struct layer *l = current_layer(f);
	float *q = f->heads + row * f->heads_stride, *k = q + q_len(m), *v = k + kv_len(m);

	if (l->qkv.weight.data != NULL) {
		forward_bias_scale(f, &l->qkv, false, q);
	} else {
		forward_bias_scale(f, &l->q, false, q);
		forward_bias_scale(f, &l->k, false, k);
		forward_bias_scale(f, &l->v, false, v);
	}
	ops_clamp(m->qkv_clamp, q, q_len(m) + 2 * kv_len(m));
	call_hook(f, HOOK_RESID_PRE, row, f->hidden + row * m->width, m->width);
	call_hook(f, HOOK_Q, row, q, q_len(m));
	call_hook(f, HOOK_K, row, k, kv_len(m));
	call_hook(f, HOOK_V, row, v, kv_len(m));
	forward_norm_rope(f, &l->q_norm, l->q_norm_len, row, q, m->heads);
	forward_norm_rope(f, &l->k_norm, l->k_norm_len, row, k, m->kv_heads);
	store(f, row, k, layer_cache(f, f->k));
	store(f, row, v, layer_cache(f, f->v));
}

static const float *
layer_coefficients(const struct forward *f)
{
	return f->options.coefficient != NULL ? f->options.coefficient + f->layer * f->model->heads
					      : NULL;
}

static void
scale_heads_row(struct forward *f, size_t row)
{
	const struct model *m = f->model;
	const float *by = layer_coefficients(f);
	float *x = f->attn_heads + row * q_len(m);

	call_hook(f, HOOK_ATTN_HEADS, row, x, q_len(m));
	for (size_t h = 0; by != NULL && h < m->heads; h++)
		ops_scale(by[h], x + h * m->head_size, m->head_size);
}

static void
finish_attention(struct forward *f, forward_row_fn *fn)
{
	const struct layer *l = current_layer(f);

	f->sublayer = (struct sublayer){ .linear = &l->output,
		.norm = &l->attention_norm,
		.after = &l->post_attention_norm,
		.next = &l->mlp_norm };
	forward_each_row(f, fn);
}

/* Drops rows whose output nobody needs, once their keys and values of the last layer are in
 * the cache.  Keeps the order. */
static void
drop_unneeded_rows(struct forward *f)
{
	const size_t width = f->model->width, q = q_len(f->model);
	size_t kept = 0;

	for (size_t row = 0; row < f->rows; row++) {
		if (!f->view[row].needs_output)
			continue;
		if (kept < row) {
			f->view[kept] = f->view[row];
			memcpy(f->hidden + kept * width, f->hidden + row * width,
			    width * sizeof(*f->hidden));
			memcpy(f->heads + kept * f->heads_stride, f->heads + row * f->heads_stride,
			    q * sizeof(*f->heads));
		}
		kept++;
	}
	f->rows = kept;
}

static void
output_projection(struct forward *f)
{
	matmul_set_input(f->matmul, f->attn_heads, f->rows, q_len(f->model));
	forward_matmul(f, &current_layer(f)->output, f->normed, f->model->width);
	finish_attention(f, output_row);
}

void
forward_attention(struct forward *f)
{
	const struct model *m = f->model;
	const struct layer *l = current_layer(f);
	/* a hook sees heads' outputs before coefficients */
	const bool has_hook = f->options.hook != NULL;
	const struct attention a = { .model = m,
		.layer = l,
		.q = f->heads,
		.stride = f->heads_stride,
		.k = layer_cache(f, f->k),
		.v = layer_cache(f, f->v),
		.tokens = f->options.tokens,
		.view = f->view,
		.out = f->attn_heads,
		.coefficient = has_hook ? NULL : layer_coefficients(f) };

	matmul_set_input(f->matmul, f->normed, f->rows, m->width);
	if (l->qkv.weight.data != NULL) {
		forward_matmul(f, &l->qkv, f->heads, f->heads_stride);
	} else {
		float *k = f->heads + q_len(m);
		const struct matmul_op all[] = {
			{ &l->q.weight, f->heads, f->heads_stride },
			{ &l->k.weight, k, f->heads_stride },
			{ &l->v.weight, k + kv_len(m), f->heads_stride },
		};

		matmul_run_all(f->matmul, all, 3);
	}
	forward_each_row(f, qkv_row);
	if (f->layer + 1 == m->layers)
		drop_unneeded_rows(f);
	attention_run(&a, f->rows, f->attention);
	if (has_hook)
		forward_each_row(f, scale_heads_row);
	output_projection(f);
}

/* The MLP's hidden layer, input of the down projection: it takes the place of up. */
static float *
mlp_hidden(const struct forward *f, const struct layer *l)
{
	return f->ffn + (f->model->architecture->is_gated ? l->mlp : 0);
}

static void
mlp_hidden_row(struct forward *f, size_t row)
{
	const struct layer *l = current_layer(f);
	const enum activation kind = f->model->architecture->activation;
	const bool has_gate = l->gate.weight.data != NULL;
	float *gate = f->ffn + row * f->ffn_stride;
	float *up = mlp_hidden(f, l) + row * f->ffn_stride;

	if (has_gate)
		forward_bias_scale(f, &l->gate, true, gate);
	forward_bias_scale(f, &l->up, true, has_gate ? up : gate);
	call_hook(f, HOOK_RESID_MID, row, f->hidden + row * f->model->width, f->model->width);
	call_hook(f, HOOK_MLP_UP, row, up, l->mlp);
	if (up != gate) {
		call_hook(f, HOOK_MLP_GATE, row, gate, l->mlp);
		ops_gate(kind, gate, up, l->mlp);
	} else {
		ops_activate(kind, up, l->mlp);
	}
	ops_divide(l->act_scale, up, 1, l->mlp);
}

static bool
has_bias_or_scale(const struct linear *w)
{
	return w->bias != NULL || w->scale != 1;
}

/* Can gate and up be one fused product, with nothing to do to either before the activation? */
static bool
is_gate_fused(const struct forward *f, const struct layer *l)
{
	return l->gate.weight.data != NULL && l->gate.weight.type == l->up.weight.type
	    && !has_bias_or_scale(&l->gate) && !has_bias_or_scale(&l->up) && l->act_scale == NULL
	    && f->options.hook == NULL;
}

static void
gate_epilogue(const void *with, const float *gate, float *up, size_t n)
{
	const struct architecture *a = with;

	ops_gate(a->activation, gate, up, n);
}

/* Computes the MLP's hidden layer as the product's next input. */
static void
mlp_up(struct forward *f, const struct layer *l)
{
	const bool has_gate = l->gate.weight.data != NULL;
	const struct matmul_fused both = { .up = { &l->up.weight, mlp_hidden(f, l), f->ffn_stride },
		.gate = &l->gate.weight,
		.epilogue = gate_epilogue,
		.context = f->model->architecture };

	if (is_gate_fused(f, l)) {
		matmul_run_fused(f->matmul, &both);
		return;
	}
	if (has_gate)
		forward_matmul(f, &l->gate, f->ffn, f->ffn_stride);
	forward_matmul(f, &l->up, f->ffn + (has_gate ? l->mlp : 0), f->ffn_stride);
	forward_each_row(f, mlp_hidden_row);
	matmul_set_input_strided(f->matmul, mlp_hidden(f, l), f->rows, l->mlp, f->ffn_stride);
}

/* MLP: down(act(gate(x)) * up(x)), or down(act(up(x))).  Fused models have [gate; up] in up. */
void
forward_mlp(struct forward *f)
{
	const struct model *m = f->model;
	const struct layer *l = current_layer(f);
	const bool is_last = f->layer + 1 == m->layers;

	matmul_set_input(f->matmul, f->normed, f->rows, m->width);
	mlp_up(f, l);
	forward_matmul(f, &l->down, f->normed, m->width);
	f->sublayer = (struct sublayer){ .linear = &l->down,
		.is_mlp = true,
		.norm = &l->mlp_norm,
		.after = &l->post_mlp_norm,
		.next = is_last ? NULL : &l[1].attention_norm };
	forward_each_row(f, output_row);
}

void
forward_from_attn_heads(struct forward *f, size_t layer, size_t rows)
{
	f->layer = layer;
	f->rows = rows;
	output_projection(f);
	forward_mlp(f);
}

void
forward_from_attn_out(struct forward *f, size_t layer, size_t rows)
{
	f->layer = layer;
	f->rows = rows;
	finish_attention(f, add_residual_row);
	forward_mlp(f);
}
