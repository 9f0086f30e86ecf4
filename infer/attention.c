#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/attention.h"
#include "infer/layers.h"
#include "lib/vector.h"

enum { TILE = 32, LANES = 8, HEAD_MAX = MODEL_HEAD_MAX };

/* One query's state: what was seen so far, scaled by exp(-most), and the tile in
 * hand.  Tiles end at positions that are multiples of TILE, wherever a text is
 * cut into spans, so that sums do not depend on what is shared with others. */
struct running {
	float most, sum;
	float value[HEAD_MAX];
	float score[TILE];
	const float *v[TILE];
	size_t n;
};

/* Sums in eight lanes, added in pairs at the end: one order on every machine. */
VECTOR static float
dot(const float *a, const float *b, size_t n)
{
	float lane[LANES] = { 0 };
	size_t i = 0;

	for (; i + LANES <= n; i += LANES)
		for (size_t k = 0; k < LANES; k++)
			lane[k] += a[i + k] * b[i + k];
	for (size_t k = 0; i < n; i++, k++)
		lane[k] += a[i] * b[i];
	return ((lane[0] + lane[4]) + (lane[2] + lane[6]))
	    + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

VECTOR static void
add_scaled(float by, const float *x, float *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] += by * x[i];
}

/* Takes in the tile in hand. */
static void
take_tile(struct running *r, size_t size)
{
	float most = r->most;

	for (size_t j = 0; j < r->n; j++)
		most = r->score[j] > most ? r->score[j] : most;
	if (most > r->most) {
		float by = r->sum > 0 ? expf(r->most - most) : 0;

		r->sum *= by;
		for (size_t i = 0; i < size; i++)
			r->value[i] *= by;
		r->most = most;
	}
	for (size_t j = 0; j < r->n; j++) {
		float p = expf(r->score[j] - most);

		r->sum += p;
		add_scaled(p, r->v[j], r->value, size);
	}
	r->n = 0;
}

/* What a window leaves of a span; its length may come to 0. */
static struct span
visible(const struct span *s, size_t window, int32_t query)
{
	struct span out = *s;
	int64_t hidden = (int64_t)query - (int64_t)window + 1 - s->position;

	if (window == 0 || hidden <= 0)
		return out;
	if (hidden > (int64_t)s->len)
		hidden = (int64_t)s->len;
	out.first += (size_t)hidden;
	out.len -= (size_t)hidden;
	out.position += (int32_t)hidden;
	return out;
}

static void
take_span(const struct attention *a, struct running *r, size_t head,
    const float *q, int32_t query, const struct span *whole)
{
	const struct model *m = a->model;
	const struct span s = visible(whole, a->layer->window, query);
	const size_t size = m->head_size, kv = head / (m->heads / m->kv_heads);
	const size_t at = (kv * a->tokens + s.first) * size;

	for (size_t j = 0; j < s.len; j++) {
		int32_t position = s.position + (int32_t)j;
		float score = (float)m->attention_scale
		    * dot(q, a->k + at + j * size, size);

		layer_cap(m->attention_cap, &score, 1);
		if (m->alibi != NULL)
			score += m->alibi[head] * (float)(position - query);
		r->v[r->n] = a->v + at + j * size;
		r->score[r->n++] = score;
		if (position % TILE == TILE - 1)
			take_tile(r, size);
	}
}

static void
run_item(void *with, size_t item, size_t worker)
{
	const struct attention *a = with;
	const struct model *m = a->model;
	const size_t row = item / m->heads, head = item % m->heads;
	const size_t at = (row * m->heads + head) * m->head_size;
	const struct view *view = &a->view[row];
	struct running r = { .most = -INFINITY };
	float by;

	(void)worker;
	for (size_t i = 0; i < view->spans; i++)
		take_span(a, &r, head, a->q + at, view->position, &view->span[i]);
	take_span(a, &r, head, a->q + at, view->position, &view->own);
	take_tile(&r, m->head_size);
	by = (a->coefficient != NULL ? a->coefficient[head] : 1) / r.sum;
	for (size_t i = 0; i < m->head_size; i++)
		a->out[at + i] = by * r.value[i];
}

void
attention_run(const struct attention *a, size_t rows, struct pool *pool)
{
	pool_run(pool, rows * a->model->heads, run_item, (void *)(uintptr_t)a);
}
