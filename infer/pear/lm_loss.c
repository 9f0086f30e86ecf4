#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "infer/forward/ops.h"
#include "infer/pear/ops_backward.h"
#include "infer/matmul/matmul_backward.h"
#include "infer/pear/lm_loss.h"
#include "lib/core/arena.h"

enum { LOGITS_MAX = 1 << 25, MEAN_PARTS = 64 }; /* logits in a chunk; threads' shares of a mean */

struct lm_loss {
	const struct model *model;
	struct thread_pool *pool;
	struct logits *logits;
	struct matmul_backward *backward; /* NULL until needed */
	enum cpu_isa isa;
	size_t chunk;        /* rows */
	float *chunk_logits; /* chunk x vocabulary; NULL until needed */
	float *projected;    /* gradients, in models with a narrower head */
	float *row;          /* of the LM head */
	double *mean;        /* mean of the LM head's rows; NULL until needed */
	double mean_bias;
	/* of the current chunk */
	const uint32_t *target;
	float *log_prob; /* log p(target) */
	uint32_t *argmax;
	double *centered;
	float weight;
};

static size_t
chunk_rows(const struct model *m, size_t rows)
{
	const size_t max = LOGITS_MAX / m->vocabulary + 16;

	return rows < max ? rows : max;
}

size_t
lm_loss_bytes(const struct model *m, size_t rows, bool has_logits)
{
	const size_t floats_per_row = m->vocabulary * 2; /* logits, and packed gradients */

	return chunk_rows(m, rows) * (m->width + (has_logits ? floats_per_row : 0)) * sizeof(float)
	    + (MEAN_PARTS + 1) * m->width * sizeof(double);
}

struct lm_loss *
lm_loss_new(const struct model *m, enum cpu_isa isa, size_t rows, struct logits *logits,
    struct thread_pool *pool)
{
	struct lm_loss *r = arena_calloc(1, sizeof(*r));

	r->model = m;
	r->pool = pool;
	r->isa = isa;
	r->logits = logits;
	r->chunk = chunk_rows(m, rows < logits_capacity(logits) ? rows : logits_capacity(logits));
	r->row = arena_calloc(m->width, sizeof(*r->row));
	r->log_prob = arena_calloc(r->chunk, sizeof(*r->log_prob));
	r->argmax = arena_calloc(r->chunk, sizeof(*r->argmax));
	return r;
}

void
lm_loss_free(struct lm_loss *r)
{
	if (r == NULL)
		return;
	matmul_backward_free(r->backward);
	free(r->chunk_logits);
	free(r->projected);
	free(r->row);
	free(r->log_prob);
	free(r->argmax);
	free(r->mean);
	free(r);
}

static void
compute_logits(struct lm_loss *r, const float *hidden, size_t rows, bool keep)
{
	const struct model *m = r->model;

	if (keep && r->chunk_logits == NULL)
		r->chunk_logits = arena_calloc(r->chunk * m->vocabulary, sizeof(*r->chunk_logits));
	for (size_t i = 0; i < rows; i++)
		logits_request(r->logits, hidden + i * m->width,
		    &(struct logits_query){ .target = r->target[i],
			.log_prob = &r->log_prob[i],
			.argmax = &r->argmax[i],
			.logits = keep ? r->chunk_logits + i * m->vocabulary : NULL });
	logits_compute(r->logits);
}

/* Turns a row's logits into their gradient: weight (softmax - onehot(target)). */
static void
loss_gradient_row(void *with, size_t row, size_t worker)
{
	const struct lm_loss *r = with;
	const struct model *m = r->model;
	float *x = r->chunk_logits + row * m->vocabulary;
	const uint32_t target = r->target[row];
	const float log_sum = x[target] - r->log_prob[row];

	(void)worker;
	for (size_t i = 0; i < m->vocabulary; i++) {
		float slope = r->weight;

		ops_softcap_backward(m->logit_softcap, &x[i], &slope, 1);
		x[i] = slope * (expf(x[i] - log_sum) - (i == target ? 1.0f : 0.0f));
	}
}

static void
head_backward(struct lm_loss *r, const float *hidden, size_t rows, float *d)
{
	const struct model *m = r->model;
	const bool is_narrow = m->project_out.weight.data != NULL;

	if (r->backward == NULL)
		r->backward = matmul_backward_new(r->pool, r->isa, r->chunk, m->vocabulary);
	if (is_narrow && r->projected == NULL)
		r->projected = arena_calloc(r->chunk * m->width, sizeof(*r->projected));
	matmul_backward_run(r->backward, &m->output.weight, r->chunk_logits, rows,
	    is_narrow ? r->projected : d, false);
	if (is_narrow)
		matmul_backward_run(r->backward, &m->project_out.weight, r->projected, rows, d,
		    false);
	if (m->output_norm.weight != NULL)
		ops_norm_backward(m->architecture->norm, &m->output_norm, m->epsilon, hidden, d, d,
		    rows, m->width, false);
}

void
lm_loss_cross_entropy(struct lm_loss *r, const float *hidden, const uint32_t *target, size_t rows,
    struct lm_loss_row *out, float weight, float *d)
{
	const size_t width = r->model->width;

	r->weight = weight;
	for (size_t at = 0; at < rows; at += r->chunk) {
		size_t n = rows - at < r->chunk ? rows - at : r->chunk;

		r->target = target + at;
		compute_logits(r, hidden + at * width, n, d != NULL);
		for (size_t i = 0; i < n; i++)
			out[at + i] = (struct lm_loss_row){ -(double)r->log_prob[i],
				r->argmax[i] == target[at + i] };
		if (d == NULL)
			continue;
		thread_pool_run(r->pool, n, loss_gradient_row, r);
		head_backward(r, hidden + at * width, n, d + at * width);
	}
}

static void
centered_softcap_row(void *with, size_t row, size_t worker)
{
	const struct lm_loss *r = with;
	const struct model *m = r->model;
	const float *x = r->chunk_logits + row * m->vocabulary;
	double sum = 0;

	(void)worker;
	for (size_t i = 0; i < m->vocabulary; i++)
		sum += (double)x[i];
	r->centered[row] = (double)x[r->target[row]] - sum / (double)m->vocabulary;
}

/* Sums a share of the LM head's rows. */
static void
mean_row_part(void *with, size_t part, size_t worker)
{
	const struct lm_loss *r = with;
	const struct weight *w = &r->model->output.weight;
	double *sum = r->mean + (part + 1) * w->columns;
	float *row = arena_calloc(w->columns, sizeof(*row));

	(void)worker;
	for (size_t i = part * w->rows / MEAN_PARTS; i < (part + 1) * w->rows / MEAN_PARTS; i++) {
		weight_row(w, i, row);
		for (size_t k = 0; k < w->columns; k++)
			sum[k] += (double)row[k];
	}
	free(row);
}

static void
find_mean_row(struct lm_loss *r)
{
	const struct model *m = r->model;
	const size_t columns = m->output.weight.columns;

	r->mean = arena_calloc((MEAN_PARTS + 1) * columns, sizeof(*r->mean));
	thread_pool_run(r->pool, MEAN_PARTS, mean_row_part, r);
	for (size_t i = 0; i < MEAN_PARTS; i++)
		for (size_t k = 0; k < columns; k++)
			r->mean[k] += r->mean[(i + 1) * columns + k];
	for (size_t k = 0; k < columns; k++)
		r->mean[k] /= (double)m->vocabulary;
	for (size_t i = 0; m->output.bias != NULL && i < m->vocabulary; i++)
		r->mean_bias += (double)m->output.bias[i] / (double)m->vocabulary;
}

/* <x, row of the target - mean row>, and the bias likewise. */
static double
centered(const struct lm_loss *r, const float *x, uint32_t target, float *row)
{
	const struct linear *w = &r->model->output;
	double sum = w->bias != NULL ? (double)w->bias[target] - r->mean_bias : 0;

	weight_row(&w->weight, target, row);
	for (size_t k = 0; k < w->weight.columns; k++)
		sum += (double)x[k] * ((double)row[k] - r->mean[k]);
	return sum;
}

void
lm_loss_centered_logit(struct lm_loss *r, const float *hidden, const uint32_t *target, size_t rows,
    double *out)
{
	const struct model *m = r->model;
	const bool is_capped = m->logit_softcap > 0;

	if (r->mean == NULL && !is_capped)
		find_mean_row(r);
	for (size_t at = 0; at < rows; at += r->chunk) {
		size_t n = rows - at < r->chunk ? rows - at : r->chunk;
		const float *x;

		if (is_capped) {
			r->target = target + at;
			r->centered = out + at;
			compute_logits(r, hidden + at * m->width, n, true);
			thread_pool_run(r->pool, n, centered_softcap_row, r);
			continue;
		}
		x = logits_head_input(r->logits, hidden + at * m->width, n);
		for (size_t i = 0; i < n; i++)
			out[at + i] = centered(r, x + i * m->output.weight.columns, target[at + i],
			    r->row);
	}
}
