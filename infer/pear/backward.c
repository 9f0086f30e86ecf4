#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/pear/backward.h"
#include "infer/pear/attention_backward.h"
#include "infer/forward/ops.h"
#include "infer/pear/ops_backward.h"
#include "lib/core/arena.h"

enum { ROWS = 8 }; /* of activations, in a pool item */

struct backward {
	const struct saved_activations *saved;
	const struct model *model;
	struct matmul_backward *matmul;
	/* gradients are d_ and what they are of; one allocation, which d_sublayer begins */
	float *d_sublayer, *d_normed; /* rows x width: a sublayer's output and input */
	float *d_gate, *d_up;         /* rows x mlp */
	float *d_heads_out;           /* rows x heads x head_size */
	float *q_rotated;             /* the same: q after norm and RoPE */
	float *d_q, *d_k, *d_v;       /* rows x (kv_)heads x head_size */
	float *k_rotated;             /* rows x kv_heads x head_size */
	float *d_fused;               /* rows x (q, k, v) or x (gate, up) */
	int32_t *position;            /* of each row */
};

/* Floats a row: q, k and v, or gate and up. */
static size_t
fused_floats(const struct model *m)
{
	const size_t heads = (m->heads + 2 * m->kv_heads) * m->head_size;

	return 2 * m->mlp_max > heads ? 2 * m->mlp_max : heads;
}

/* Most outputs of a matrix. */
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
backward_bytes(const struct model *m, const struct saved_activations_options *o)
{
	return o->sequences * o->length * (row_floats(m) + widest_output(m)) * sizeof(float);
}

struct backward *
backward_new(const struct saved_activations *s)
{
	const struct model *m = s->model;
	const size_t rows = s->options.sequences * s->options.length;
	const size_t q = m->heads * m->head_size, kv = m->kv_heads * m->head_size;
	struct backward *b = arena_calloc(1, sizeof(*b));
	float *at = arena_calloc(rows * row_floats(m), sizeof(*at));

	b->saved = s;
	b->model = m;
	b->matmul = matmul_backward_new(s->pool, s->options.isa, rows, widest_output(m));
	b->d_sublayer = at;
	b->d_normed = b->d_sublayer + rows * m->width;
	b->d_gate = b->d_normed + rows * m->width;
	b->d_up = b->d_gate + rows * m->mlp_max;
	b->d_heads_out = b->d_up + rows * m->mlp_max;
	b->q_rotated = b->d_heads_out + rows * q;
	b->d_q = b->q_rotated + rows * q;
	b->d_k = b->d_q + rows * q;
	b->d_v = b->d_k + rows * kv;
	b->k_rotated = b->d_v + rows * kv;
	b->d_fused = b->k_rotated + rows * kv;
	b->position = arena_calloc(rows, sizeof(*b->position));
	for (size_t i = 0; i < rows; i++)
		b->position[i] = (int32_t)(i % s->options.length);
	return b;
}

void
backward_free(struct backward *b)
{
	if (b == NULL)
		return;
	matmul_backward_free(b->matmul);
	free(b->d_sublayer);
	free(b->position);
	free(b);
}

/* Backward of y = scale (x w^T): dx = scale dy w, or dx += that.  Scales dy in place. */
static void
linear_backward(struct backward *b, const struct linear *w, bool is_scaled, float *dy, float *dx,
    bool adds)
{
	if (is_scaled)
		ops_scale(w->scale, dy, b->saved->rows * w->weight.rows);
	matmul_backward_run(b->matmul, &w->weight, dy, b->saved->rows, dx, adds);
}

/* From d, the gradient of the hidden states after a sublayer, to b->d_sublayer, that of the
 * sublayer's output; d becomes the gradient of the residual stream before the sum. */
static void
sublayer_output_backward(struct backward *b, const struct norm_weights *norm,
    const struct norm_weights *after, const float *norm_input, float *d)
{
	const struct model *m = b->model;
	const enum norm kind = m->architecture->norm;
	const size_t rows = b->saved->rows;

	if (m->is_post_norm)
		ops_norm_backward(kind, norm, m->epsilon, norm_input, d, d, rows, m->width, false);
	if (after->weight != NULL)
		ops_norm_backward(kind, after, m->epsilon, norm_input, d, b->d_sublayer, rows,
		    m->width, false);
	else
		memcpy(b->d_sublayer, d, rows * m->width * sizeof(*d));
}

/* Adds the gradient of a sublayer's input, b->d_normed, to that of the hidden states. */
static void
sublayer_input_backward(struct backward *b, const struct norm_weights *norm, const float *hidden,
    float *d)
{
	const struct model *m = b->model;

	if (m->is_post_norm)
		ops_add(b->d_normed, d, b->saved->rows * m->width);
	else
		ops_norm_backward(m->architecture->norm, norm, m->epsilon, hidden, b->d_normed, d,
		    b->saved->rows, m->width, true);
}

struct activation_job {
	struct backward *b;
	const struct layer *l;
	const struct saved_layer *saved;
};

/* b->d_up: from the gradient of the down projection's input to that of up's output. */
static void
activation_rows(void *with, size_t item, size_t worker)
{
	const struct activation_job *a = with;
	const struct architecture *kind = a->b->model->architecture;
	const size_t n = a->l->mlp, at = item * ROWS * n;
	const size_t left = a->b->saved->rows - item * ROWS;
	const size_t rows = left < ROWS ? left : ROWS;

	(void)worker;
	ops_divide(a->l->act_scale, a->b->d_up + at, rows, n);
	if (kind->is_gated)
		ops_gate_backward(kind->activation, a->saved->at[HOOK_MLP_GATE] + at,
		    a->saved->at[HOOK_MLP_UP] + at, a->b->d_up + at, a->b->d_gate + at, rows * n);
	else
		ops_activate_backward(kind->activation, a->saved->at[HOOK_MLP_UP] + at,
		    a->b->d_up + at, rows * n);
}

/* Copies rows x n to columns [from, from + n) of rows x stride. */
static void
copy_columns(const float *x, size_t n, float *y, size_t stride, size_t from, size_t rows)
{
	for (size_t r = 0; r < rows; r++)
		memcpy(y + r * stride + from, x + r * n, n * sizeof(*x));
}

static void
mlp_backward(struct backward *b, const struct layer *l, const struct saved_layer *saved)
{
	const size_t rows = b->saved->rows;
	const bool is_scaled = b->model->architecture->has_mlp_scales;
	struct activation_job a = { b, l, saved };

	linear_backward(b, &l->down, is_scaled, b->d_sublayer, b->d_up, false);
	thread_pool_run(b->saved->pool, (rows + ROWS - 1) / ROWS, activation_rows, &a);
	if (l->gate.weight.data != NULL) {
		linear_backward(b, &l->gate, is_scaled, b->d_gate, b->d_normed, false);
		linear_backward(b, &l->up, is_scaled, b->d_up, b->d_normed, true);
	} else if (b->model->architecture->is_gated) {
		copy_columns(b->d_gate, l->mlp, b->d_fused, 2 * l->mlp, 0, rows);
		copy_columns(b->d_up, l->mlp, b->d_fused, 2 * l->mlp, l->mlp, rows);
		linear_backward(b, &l->up, is_scaled, b->d_fused, b->d_normed, false);
	} else {
		linear_backward(b, &l->up, is_scaled, b->d_up, b->d_normed, false);
	}
}

struct coefficient_job {
	struct backward *b;
	const struct saved_layer *saved;
	size_t layer;
	double *out;
};

/* One head of one sequence: the gradient of its coefficient c, which is the sum over tokens of
 * <d(c o), o>; then b->d_heads_out from d(c o) to d(o), o being the head's output. */
static void
coefficient_gradient(void *with, size_t item, size_t worker)
{
	const struct coefficient_job *h = with;
	const struct saved_activations *s = h->b->saved;
	const struct model *m = s->model;
	const size_t sequence = item / m->heads, head = item % m->heads;
	const float *coefficient = s->options.coefficient;
	double sum = 0;

	(void)worker;
	for (size_t i = 0; i < s->options.length; i++) {
		size_t at = ((sequence * s->options.length + i) * m->heads + head) * m->head_size;

		for (size_t k = at; k < at + m->head_size; k++)
			sum += (double)h->b->d_heads_out[k]
			    * (double)h->saved->at[HOOK_ATTN_HEADS][k];
		if (coefficient != NULL)
			ops_scale(coefficient[h->layer * m->heads + head], h->b->d_heads_out + at,
			    m->head_size);
	}
	h->out[(sequence * m->layers + h->layer) * m->heads + head] = sum;
}

/* Backward of clamp, norm and RoPE of q or k, whose input was `before`; d in place. */
static void
norm_rope_backward(struct backward *b, const struct norm_weights *norm, size_t norm_len,
    const float *before, size_t heads, float *d)
{
	const struct model *m = b->model;
	const size_t rows = b->saved->rows, n = heads * m->head_size;

	if (m->rope_frequency != NULL)
		rope_backward(m, d, rows, heads, n, b->position);
	if (norm->weight != NULL)
		ops_norm_backward(m->architecture->norm, norm, m->epsilon, before, d, d,
		    rows * n / norm_len, norm_len, false);
	ops_clamp_backward(m->qkv_clamp, before, d, rows * n);
}

static void
qkv_backward(struct backward *b, const struct layer *l)
{
	const struct model *m = b->model;
	const size_t q = m->heads * m->head_size, kv = m->kv_heads * m->head_size;
	const size_t rows = b->saved->rows;

	if (l->qkv.weight.data == NULL) {
		linear_backward(b, &l->q, true, b->d_q, b->d_normed, false);
		linear_backward(b, &l->k, true, b->d_k, b->d_normed, true);
		linear_backward(b, &l->v, true, b->d_v, b->d_normed, true);
		return;
	}
	copy_columns(b->d_q, q, b->d_fused, q + 2 * kv, 0, rows);
	copy_columns(b->d_k, kv, b->d_fused, q + 2 * kv, q, rows);
	copy_columns(b->d_v, kv, b->d_fused, q + 2 * kv, q + kv, rows);
	linear_backward(b, &l->qkv, true, b->d_fused, b->d_normed, false);
}

/* From b->d_heads_out to b->d_normed, the gradient of attention's input. */
static void
attention_block_backward(struct backward *b, const struct layer *l, const struct saved_layer *saved)
{
	const struct saved_activations *s = b->saved;
	const struct model *m = b->model;
	const size_t q = m->heads * m->head_size, kv = m->kv_heads * m->head_size;
	struct attention_backward c = { .model = m,
		.layer = l,
		.sequences = s->sequences,
		.length = s->options.length,
		.q = b->q_rotated,
		.k = b->k_rotated,
		.v = saved->at[HOOK_V] };

	memcpy(b->q_rotated, saved->at[HOOK_Q], s->rows * q * sizeof(float));
	memcpy(b->k_rotated, saved->at[HOOK_K], s->rows * kv * sizeof(float));
	for (size_t r = 0; r < s->rows; r++) {
		forward_norm_rope(s->forward, &l->q_norm, l->q_norm_len, r, b->q_rotated + r * q,
		    m->heads);
		forward_norm_rope(s->forward, &l->k_norm, l->k_norm_len, r, b->k_rotated + r * kv,
		    m->kv_heads);
	}
	attention_backward_run(&c, b->d_heads_out, b->d_q, b->d_k, b->d_v, s->pool);
	norm_rope_backward(b, &l->q_norm, l->q_norm_len, saved->at[HOOK_Q], m->heads, b->d_q);
	norm_rope_backward(b, &l->k_norm, l->k_norm_len, saved->at[HOOK_K], m->kv_heads, b->d_k);
	ops_clamp_backward(m->qkv_clamp, saved->at[HOOK_V], b->d_v, s->rows * kv);
	qkv_backward(b, l);
}

void
backward_run(struct backward *b, float *d, double *out)
{
	const struct saved_activations *s = b->saved;
	const struct model *m = b->model;
	struct coefficient_job h = { .b = b, .out = out };

	memset(out, 0, s->sequences * m->layers * m->heads * sizeof(*out));
	for (size_t i = m->layers; i-- > s->options.first;) {
		const struct layer *l = &m->layer[i];
		const struct saved_layer *saved = &s->layer[i];

		sublayer_output_backward(b, &l->mlp_norm, &l->post_mlp_norm,
		    saved->at[HOOK_MLP_POST], d);
		mlp_backward(b, l, saved);
		sublayer_input_backward(b, &l->mlp_norm, saved->at[HOOK_RESID_MID], d);
		sublayer_output_backward(b, &l->attention_norm, &l->post_attention_norm,
		    saved->at[HOOK_ATTN_POST], d);
		linear_backward(b, &l->output, true, b->d_sublayer, b->d_heads_out, false);
		h.saved = saved;
		h.layer = i;
		thread_pool_run(s->pool, s->sequences * m->heads, coefficient_gradient, &h);
		if (i == s->options.first)
			break;
		attention_block_backward(b, l, saved);
		sublayer_input_backward(b, &l->attention_norm, saved->at[HOOK_RESID_PRE], d);
	}
}
