#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/forward/ops.h"
#include "infer/forward/logits.h"
#include "infer/forward/softmax.h"
#include "lib/core/arena.h"
#include "lib/core/target_clones.h"

/* Rows of a slice, padded so that they do not share cache sets. */
enum { SLICE = 2048, STRIDE = SLICE + 16, WIDE = 64 };

/* A query while the vocabulary is scanned. */
struct logits_pending {
	struct logits_query q;
	float max;   /* of the logits so far */
	double sum;  /* of exp(logit - max) */
	float logit; /* of the target */
};

struct logits {
	const struct model *model;
	struct matmul *matmul;
	struct thread_pool *pool;
	float *hidden, *slice; /* rows x width; rows x STRIDE */
	float *projected;      /* rows x width, in models with a narrower head */
	struct logits_pending *pending;
	size_t capacity, len;
	bool has_overflowed;           /* a log-probability is not finite */
	size_t slice_first, slice_len; /* the current slice */
};

size_t
logits_bytes(const struct model *m, size_t rows)
{
	const bool is_narrow = m->project_out.weight.data != NULL;

	return rows
	    * ((m->width * (1 + is_narrow) + STRIDE) * sizeof(float)
		+ sizeof(struct logits_pending));
}

struct logits *
logits_new(const struct model *m, size_t rows, struct matmul *matmul, struct thread_pool *pool)
{
	struct logits *l = calloc(1, sizeof(*l));

	if (l == NULL || (l->hidden = calloc(rows * m->width, sizeof(float))) == NULL
	    || (l->slice = calloc(rows * STRIDE, sizeof(float))) == NULL
	    || (m->project_out.weight.data != NULL
		&& (l->projected = calloc(rows * m->width, sizeof(float))) == NULL)
	    || (l->pending = calloc(rows, sizeof(*l->pending))) == NULL)
		arena_out_of_memory();
	l->model = m;
	l->matmul = matmul;
	l->pool = pool;
	l->capacity = rows;
	return l;
}

void
logits_free(struct logits *l)
{
	if (l == NULL)
		return;
	free(l->hidden);
	free(l->slice);
	free(l->projected);
	free(l->pending);
	free(l);
}

size_t
logits_capacity(const struct logits *l)
{
	return l->capacity;
}

bool
logits_is_finite(const struct logits *l)
{
	return !l->has_overflowed;
}

void
logits_request(struct logits *l, const float *hidden, const struct logits_query *q)
{
	memcpy(l->hidden + l->len * l->model->width, hidden, l->model->width * sizeof(*hidden));
	l->pending[l->len++] = (struct logits_pending){ .q = *q, .max = -INFINITY };
}

TARGET_CLONES static float
max_of(float max, const float *x, size_t n)
{
	float lane[WIDE];
	size_t i = 0;

	for (size_t k = 0; k < WIDE; k++)
		lane[k] = max;
	for (; i + WIDE <= n; i += WIDE)
		for (size_t k = 0; k < WIDE; k++)
			lane[k] = x[i + k] > lane[k] ? x[i + k] : lane[k];
	for (; i < n; i++)
		max = x[i] > max ? x[i] : max;
	for (size_t k = 0; k < WIDE; k++)
		max = lane[k] > max ? lane[k] : max;
	return max;
}

static void
add_slice(void *with, size_t row, size_t worker)
{
	const struct logits *l = with;
	struct logits_pending *a = &l->pending[row];
	const struct logits_query *q = &a->q;
	float *x = l->slice + row * STRIDE;
	float max;

	(void)worker;
	if (l->model->output.bias != NULL)
		ops_add(l->model->output.bias + l->slice_first, x, l->slice_len);
	ops_softcap(l->model->logit_softcap, x, l->slice_len);
	if (q->logits != NULL)
		memcpy(q->logits + l->slice_first, x, l->slice_len * sizeof(*x));
	if (q->target >= l->slice_first && q->target - l->slice_first < l->slice_len)
		a->logit = x[q->target - l->slice_first];
	max = max_of(a->max, x, l->slice_len);
	if (q->argmax != NULL && max > a->max)
		for (size_t i = l->slice_len; i-- > 0;)
			if (x[i] >= max)
				*q->argmax = (uint32_t)(l->slice_first + i);
	if (max > a->max)
		a->sum *= exp((double)(a->max - max));
	a->max = max;
	softmax_exp(x, max, l->slice_len);
	a->sum += ops_sum(x, l->slice_len);
}

/* Final norm and project_out: the LM head's input. */
static const float *
head_input(struct logits *l)
{
	const struct model *m = l->model;

	if (m->output_norm.weight != NULL)
		ops_norm(m->architecture->norm, &m->output_norm, m->epsilon, l->hidden, l->hidden,
		    l->len, m->width);
	if (m->project_out.weight.data == NULL)
		return l->hidden;
	matmul_set_input(l->matmul, l->hidden, l->len, m->width);
	matmul_run(l->matmul, &m->project_out.weight, l->projected, m->output.weight.columns);
	return l->projected;
}

void
logits_compute(struct logits *l)
{
	const struct model *m = l->model;
	const struct weight *w = &m->output.weight;

	if (l->len == 0)
		return;
	matmul_set_input(l->matmul, head_input(l), l->len, w->columns);
	for (l->slice_first = 0; l->slice_first < m->vocabulary; l->slice_first += SLICE) {
		struct weight part = *w;

		l->slice_len = m->vocabulary - l->slice_first < SLICE
		    ? m->vocabulary - l->slice_first
		    : SLICE;
		part.rows = l->slice_len;
		part.data = (const unsigned char *)w->data
		    + l->slice_first * w->columns / w->type->block_elems * w->type->block_bytes;
		matmul_run(l->matmul, &part, l->slice, STRIDE);
		thread_pool_run(l->pool, l->len, add_slice, l);
	}
	for (size_t i = 0; i < l->len; i++) {
		const struct logits_pending *a = &l->pending[i];

		if (a->q.log_prob != NULL)
			*a->q.log_prob = (float)((double)a->logit - (double)a->max - log(a->sum));
		if (a->q.log_prob != NULL && !isfinite(*a->q.log_prob))
			l->has_overflowed = true;
	}
	l->len = 0;
}

const float *
logits_head_input(struct logits *l, const float *hidden, size_t rows)
{
	memcpy(l->hidden, hidden, rows * l->model->width * sizeof(*hidden));
	l->len = rows;
	hidden = head_input(l);
	l->len = 0;
	return hidden;
}
