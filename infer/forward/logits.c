#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/forward/ops.h"
#include "infer/forward/logits.h"
#include "infer/forward/softmax.h"
#include "lib/core/arena.h"
#include "lib/core/target_clones.h"

/* A slice of the vocabulary; its rows do not all fall on the same places of the
 * caches. */
enum { SLICE = 2048, STRIDE = SLICE + 16, WIDE = 64 };

/* A question while slices go by. */
struct asked {
	struct question q;
	float most;			/* of the logits so far */
	double sum;			/* of exp(logit - most) */
	float logit;			/* of the target */
};

struct logits {
	const struct model *model;
	struct product *product;
	struct pool *pool;
	float *hidden, *slice;		/* rows x width; rows x STRIDE */
	float *projected;		/* rows x width, where outputs are narrower */
	struct asked *asked;
	size_t room, len;
	size_t from, n;			/* the slice in hand */
};

size_t
logits_bytes(const struct model *m, size_t rows)
{
	const bool is_narrow = m->project_out.weight.data != NULL;

	return rows * ((m->width * (1 + is_narrow) + STRIDE) * sizeof(float)
	    + sizeof(struct asked));
}

struct logits *
logits_new(const struct model *m, size_t rows, struct product *product,
    struct pool *pool)
{
	struct logits *l = calloc(1, sizeof(*l));

	if (l == NULL
	    || (l->hidden = calloc(rows * m->width, sizeof(float))) == NULL
	    || (l->slice = calloc(rows * STRIDE, sizeof(float))) == NULL
	    || (m->project_out.weight.data != NULL
	    && (l->projected = calloc(rows * m->width, sizeof(float))) == NULL)
	    || (l->asked = calloc(rows, sizeof(*l->asked))) == NULL)
		arena_exhausted();
	l->model = m;
	l->product = product;
	l->pool = pool;
	l->room = rows;
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
	free(l->asked);
	free(l);
}

size_t
logits_room(const struct logits *l)
{
	return l->room;
}

void
logits_ask(struct logits *l, const float *hidden, const struct question *q)
{
	memcpy(l->hidden + l->len * l->model->width, hidden,
	    l->model->width * sizeof(*hidden));
	l->asked[l->len++] = (struct asked){ .q = *q, .most = -INFINITY };
}

VECTOR static float
largest(float most, const float *x, size_t n)
{
	float lane[WIDE];
	size_t i = 0;

	for (size_t k = 0; k < WIDE; k++)
		lane[k] = most;
	for (; i + WIDE <= n; i += WIDE)
		for (size_t k = 0; k < WIDE; k++)
			lane[k] = x[i + k] > lane[k] ? x[i + k] : lane[k];
	for (; i < n; i++)
		most = x[i] > most ? x[i] : most;
	for (size_t k = 0; k < WIDE; k++)
		most = lane[k] > most ? lane[k] : most;
	return most;
}

static void
take_slice(void *with, size_t row, size_t worker)
{
	const struct logits *l = with;
	struct asked *a = &l->asked[row];
	const struct question *q = &a->q;
	float *x = l->slice + row * STRIDE;
	float most;

	(void)worker;
	if (l->model->output.bias != NULL)
		layer_add(l->model->output.bias + l->from, x, l->n);
	layer_cap(l->model->logit_cap, x, l->n);
	if (q->all != NULL)
		memcpy(q->all + l->from, x, l->n * sizeof(*x));
	if (q->target >= l->from && q->target - l->from < l->n)
		a->logit = x[q->target - l->from];
	most = largest(a->most, x, l->n);
	if (q->likeliest != NULL && most > a->most)
		for (size_t i = l->n; i-- > 0;)
			if (x[i] >= most)
				*q->likeliest = (uint32_t)(l->from + i);
	if (most > a->most)
		a->sum *= exp((double)(a->most - most));
	a->most = most;
	softmax_exp(x, most, l->n);
	a->sum += layer_sum(x, l->n);
}

/* The hidden states asked about become what the vocabulary projection takes. */
static const float *
narrow(struct logits *l)
{
	const struct model *m = l->model;

	if (m->output_norm.weight != NULL)
		layer_norm(m->architecture->norm, &m->output_norm, m->epsilon, l->hidden,
		    l->hidden, l->len, m->width);
	if (m->project_out.weight.data == NULL)
		return l->hidden;
	product_set(l->product, l->hidden, l->len, m->width);
	product_run(l->product, &m->project_out.weight, l->projected,
	    m->output.weight.columns);
	return l->projected;
}

void
logits_answer(struct logits *l)
{
	const struct model *m = l->model;
	const struct weight *w = &m->output.weight;

	if (l->len == 0)
		return;
	product_set(l->product, narrow(l), l->len, w->columns);
	for (l->from = 0; l->from < m->vocabulary; l->from += SLICE) {
		struct weight part = *w;

		l->n = m->vocabulary - l->from < SLICE ? m->vocabulary - l->from : SLICE;
		part.rows = l->n;
		part.data = (const unsigned char *)w->data + l->from * w->columns
		    / w->type->numbers * w->type->bytes;
		product_run(l->product, &part, l->slice, STRIDE);
		pool_run(l->pool, l->len, take_slice, l);
	}
	for (size_t i = 0; i < l->len; i++) {
		const struct asked *a = &l->asked[i];

		if (a->q.answer != NULL)
			*a->q.answer = (float)((double)a->logit - (double)a->most
			    - log(a->sum));
	}
	l->len = 0;
}

const float *
logits_narrow(struct logits *l, const float *hidden, size_t rows)
{
	memcpy(l->hidden, hidden, rows * l->model->width * sizeof(*hidden));
	l->len = rows;
	hidden = narrow(l);
	l->len = 0;
	return hidden;
}
