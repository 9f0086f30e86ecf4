#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/layers.h"
#include "infer/logits.h"
#include "infer/softmax.h"
#include "lib/arena.h"
#include "lib/vector.h"

/* A slice of the vocabulary; its rows do not all fall on the same places of the
 * caches. */
enum { SLICE = 2048, STRIDE = SLICE + 16, WIDE = 64 };

struct question {
	uint32_t target;
	float *answer;
	float most;			/* of the logits so far */
	double sum;			/* of exp(logit - most) */
	float logit;			/* of the target */
	uint32_t *likeliest;		/* asked for in place of a target; NULL */
};

struct logits {
	const struct model *model;
	struct product *product;
	struct pool *pool;
	float *hidden, *slice;		/* rows x width; rows x STRIDE */
	float *projected;		/* rows x width, where outputs are narrower */
	struct question *question;
	size_t len;
	size_t from, n;			/* the slice in hand */
};

size_t
logits_bytes(const struct model *m, size_t rows)
{
	const bool is_narrow = m->project_out.weight.data != NULL;

	return rows * ((m->width * (1 + is_narrow) + STRIDE) * sizeof(float)
	    + sizeof(struct question));
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
	    || (l->question = calloc(rows, sizeof(*l->question))) == NULL)
		arena_exhausted();
	l->model = m;
	l->product = product;
	l->pool = pool;
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
	free(l->question);
	free(l);
}

void
logits_ask(struct logits *l, const float *hidden, uint32_t target, float *answer)
{
	memcpy(l->hidden + l->len * l->model->width, hidden,
	    l->model->width * sizeof(*hidden));
	l->question[l->len++] = (struct question){ .target = target,
		.answer = answer, .most = -INFINITY };
}

void
logits_ask_likeliest(struct logits *l, const float *hidden, uint32_t *answer)
{
	logits_ask(l, hidden, UINT32_MAX, NULL);
	l->question[l->len - 1].likeliest = answer;
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
	struct question *q = &l->question[row];
	float *x = l->slice + row * STRIDE;
	float most;

	(void)worker;
	if (l->model->output.bias != NULL)
		layer_add(l->model->output.bias + l->from, x, l->n);
	layer_cap(l->model->logit_cap, x, l->n);
	if (q->target >= l->from && q->target - l->from < l->n)
		q->logit = x[q->target - l->from];
	most = largest(q->most, x, l->n);
	if (q->likeliest != NULL && most > q->most)
		for (size_t i = l->n; i-- > 0;)
			if (x[i] >= most)
				*q->likeliest = (uint32_t)(l->from + i);
	if (most > q->most)
		q->sum *= exp((double)(q->most - most));
	q->most = most;
	softmax_exp(x, most, l->n);
	q->sum += layer_sum(x, l->n);
}

void
logits_answer(struct logits *l)
{
	const struct model *m = l->model;
	const struct weight *w = &m->output.weight;

	if (l->len == 0)
		return;
	if (m->output_norm.weight != NULL)
		layer_norm(m->architecture->norm, &m->output_norm, m->epsilon, l->hidden,
		    l->hidden, l->len, m->width);
	product_set(l->product, l->hidden, l->len, m->width);
	if (m->project_out.weight.data != NULL) {
		product_run(l->product, &m->project_out.weight, l->projected, w->columns);
		product_set(l->product, l->projected, l->len, w->columns);
	}
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
		const struct question *q = &l->question[i];

		if (q->answer != NULL)
			*q->answer = (float)((double)q->logit - (double)q->most - log(q->sum));
	}
	l->len = 0;
}
