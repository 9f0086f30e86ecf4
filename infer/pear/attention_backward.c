#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/pear/attention_backward.h"
#include "infer/forward/ops.h"
#include "infer/pear/ops_backward.h"
#include "lib/core/arena.h"
#include "lib/core/target_clones.h"

enum { LANES = 16 };

/* One query head of one sequence: rows of `size` numbers, q_stride or kv_stride apart. */
struct backward_head {
	const struct attention_backward *c;
	size_t number, size, q_stride, kv_stride;
	const float *q, *k, *v;
	float *weight, *slope; /* of one query: `length` each */
};

struct attention_backward_job {
	const struct attention_backward *c;
	const float *d_heads_out;
	float *d_q, *d_k, *d_v;
	float *scratch; /* of each worker: 2 x length */
};

TARGET_CLONES static float
dot(const float *a, const float *b, size_t n)
{
	float lane[LANES] = { 0 }, sum = 0;
	size_t i = 0;

	for (; i + LANES <= n; i += LANES)
		for (size_t k = 0; k < LANES; k++)
			lane[k] += a[i + k] * b[i + k];
	for (size_t k = 0; i < n; i++, k++)
		lane[k] += a[i] * b[i];
	for (size_t k = 0; k < LANES; k++)
		sum += lane[k];
	return sum;
}

TARGET_CLONES static void
add_scaled(float factor, const float *x, float *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] += factor * x[i];
}

static size_t
first_key(const struct attention_backward *c, size_t query)
{
	size_t window = c->layer->window;

	return window > 0 && query + 1 > window ? query + 1 - window : 0;
}

/* Weights of keys [first, query], and slope = d score / d (q . k), soft cap included. */
static void
attention_weights(const struct backward_head *h, size_t first, size_t query)
{
	const struct model *m = h->c->model;
	float max = -INFINITY, sum = 0;

	for (size_t j = first; j <= query; j++) {
		float s = (float)m->attention_scale
		    * dot(h->q + query * h->q_stride, h->k + j * h->kv_stride, h->size);

		ops_softcap(m->attn_softcap, &s, 1);
		h->slope[j] = (float)m->attention_scale;
		ops_softcap_backward(m->attn_softcap, &s, &h->slope[j], 1);
		if (m->alibi != NULL)
			s -= m->alibi[h->number] * (float)(query - j);
		h->weight[j] = s;
		max = s > max ? s : max;
	}
	for (size_t j = first; j <= query; j++)
		sum += h->weight[j] = expf(h->weight[j] - max);
	for (size_t j = first; j <= query; j++)
		h->weight[j] /= sum;
}

static struct backward_head
head_of(const struct attention_backward_job *job, size_t sequence, size_t number, size_t worker)
{
	const struct attention_backward *c = job->c;
	const struct model *m = c->model;
	const size_t kv = number / (m->heads / m->kv_heads);
	struct backward_head h = { .c = c,
		.number = number,
		.size = m->head_size,
		.q_stride = m->heads * m->head_size,
		.kv_stride = m->kv_heads * m->head_size,
		.weight = job->scratch + 2 * worker * c->length };

	h.slope = h.weight + c->length;
	h.q = c->q + sequence * c->length * h.q_stride + number * h.size;
	h.k = c->k + sequence * c->length * h.kv_stride + kv * h.size;
	h.v = c->v + sequence * c->length * h.kv_stride + kv * h.size;
	return h;
}

/* With p the weights and dp_j = <d_o, v_j>: ds_j = slope_j p_j (dp_j - sum_i p_i dp_i), d_q =
 * sum_j ds_j k_j, d_k_j += ds_j q, d_v_j += p_j d_o. */
static void
head_backward(const struct attention_backward_job *job, const struct backward_head *h, float *d_k,
    float *d_v)
{
	const struct attention_backward *c = job->c;
	const size_t at = (size_t)(h->q - c->q);

	for (size_t i = 0; i < c->length; i++) {
		const float *q = h->q + i * h->q_stride;
		const float *d = job->d_heads_out + at + i * h->q_stride;
		float *d_q = job->d_q + at + i * h->q_stride, mean = 0;
		size_t first = first_key(c, i);

		attention_weights(h, first, i);
		memset(d_q, 0, h->size * sizeof(*d_q));
		for (size_t j = first; j <= i; j++)
			mean += h->weight[j] * dot(d, h->v + j * h->kv_stride, h->size);
		for (size_t j = first; j <= i; j++) {
			float dp = dot(d, h->v + j * h->kv_stride, h->size);
			float ds = h->weight[j] * (dp - mean) * h->slope[j];

			add_scaled(ds, h->k + j * h->kv_stride, d_q, h->size);
			add_scaled(ds, q, d_k + j * h->kv_stride, h->size);
			add_scaled(h->weight[j], d, d_v + j * h->kv_stride, h->size);
		}
	}
}

/* The heads of a group add to the gradients of the keys and values they share. */
static void
group_backward(void *with, size_t item, size_t worker)
{
	const struct attention_backward_job *job = with;
	const struct attention_backward *c = job->c;
	const struct model *m = c->model;
	const size_t sequence = item / m->kv_heads, kv = item % m->kv_heads;
	const size_t group = m->heads / m->kv_heads, stride = m->kv_heads * m->head_size;
	const size_t at = sequence * c->length * stride + kv * m->head_size;

	for (size_t i = 0; i < c->length; i++) {
		memset(job->d_k + at + i * stride, 0, m->head_size * sizeof(float));
		memset(job->d_v + at + i * stride, 0, m->head_size * sizeof(float));
	}
	for (size_t h = kv * group; h < (kv + 1) * group; h++) {
		struct backward_head head = head_of(job, sequence, h, worker);

		head_backward(job, &head, job->d_k + at, job->d_v + at);
	}
}

void
attention_backward_run(const struct attention_backward *c, const float *d_heads_out, float *d_q,
    float *d_k, float *d_v, struct thread_pool *pool)
{
	struct attention_backward_job job = { .c = c,
		.d_heads_out = d_heads_out,
		.d_q = d_q,
		.d_k = d_k,
		.d_v = d_v,
		.scratch = arena_calloc(thread_pool_threads(pool) * 2 * c->length, sizeof(float)) };

	thread_pool_run(pool, c->sequences * c->model->kv_heads, group_backward, &job);
	free(job.scratch);
}
