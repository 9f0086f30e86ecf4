#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "infer/forward/ops.h"
#include "infer/pear/ops_backward.h"
#include "infer/matmul/matmul_backward.h"
#include "infer/pear/lm_loss.h"
#include "lib/core/arena.h"

enum { MOST = 1 << 25, PARTS = 64 };	/* logits in a chunk; parts of a mean */

struct readout {
	const struct model *model;
	struct pool *pool;
	struct logits *logits;
	struct product_back *back;	/* NULL until it is needed */
	enum level level;
	size_t chunk;			/* rows */
	float *all;			/* logits: chunk x vocabulary; NULL until needed */
	float *projected;		/* gradients, where outputs are narrower */
	float *row;			/* of the projection */
	double *mean;			/* of the projection's rows; NULL until needed */
	double mean_bias;
	/* of the chunk in hand */
	const uint32_t *target;
	float *answer;			/* log p(target) */
	uint32_t *likeliest;
	double *margin;
	float weight;
};

static size_t
rows_of_chunk(const struct model *m, size_t rows)
{
	const size_t most = MOST / m->vocabulary + 16;

	return rows < most ? rows : most;
}

size_t
readout_bytes(const struct model *m, size_t rows, bool has_logits)
{
	const size_t numbers = m->vocabulary * 2;	/* gradients are packed beside them */

	return rows_of_chunk(m, rows) * (m->width + (has_logits ? numbers : 0))
	    * sizeof(float) + (PARTS + 1) * m->width * sizeof(double);
}

struct readout *
readout_new(const struct model *m, enum level level, size_t rows,
    struct logits *logits, struct pool *pool)
{
	struct readout *r = arena_array(1, sizeof(*r));

	r->model = m;
	r->pool = pool;
	r->level = level;
	r->logits = logits;
	r->chunk = rows_of_chunk(m, rows < logits_room(logits) ? rows : logits_room(logits));
	r->row = arena_array(m->width, sizeof(*r->row));
	r->answer = arena_array(r->chunk, sizeof(*r->answer));
	r->likeliest = arena_array(r->chunk, sizeof(*r->likeliest));
	return r;
}

void
readout_free(struct readout *r)
{
	if (r == NULL)
		return;
	product_back_free(r->back);
	free(r->all);
	free(r->projected);
	free(r->row);
	free(r->answer);
	free(r->likeliest);
	free(r->mean);
	free(r);
}

/* Asks about a chunk of rows; all: keeps the logits. */
static void
ask(struct readout *r, const float *hidden, size_t rows, bool all)
{
	const struct model *m = r->model;

	if (all && r->all == NULL)
		r->all = arena_array(r->chunk * m->vocabulary, sizeof(*r->all));
	for (size_t i = 0; i < rows; i++)
		logits_ask(r->logits, hidden + i * m->width, &(struct question){
		    .target = r->target[i], .answer = &r->answer[i],
		    .likeliest = &r->likeliest[i],
		    .all = all ? r->all + i * m->vocabulary : NULL });
	logits_answer(r->logits);
}

/* Logits of a row become the gradient by them. */
static void
slope_item(void *with, size_t row, size_t worker)
{
	const struct readout *r = with;
	const struct model *m = r->model;
	float *x = r->all + row * m->vocabulary;
	const uint32_t target = r->target[row];
	const float less = x[target] - r->answer[row];

	(void)worker;
	for (size_t i = 0; i < m->vocabulary; i++) {
		float slope = r->weight;

		layer_cap_back(m->logit_cap, &x[i], &slope, 1);
		x[i] = slope * (expf(x[i] - less) - (i == target ? 1.0f : 0.0f));
	}
}

static void
go_back(struct readout *r, const float *hidden, size_t rows, float *d)
{
	const struct model *m = r->model;
	const bool is_narrow = m->project_out.weight.data != NULL;

	if (r->back == NULL)
		r->back = product_back_new(r->pool, r->level, r->chunk, m->vocabulary);
	if (is_narrow && r->projected == NULL)
		r->projected = arena_array(r->chunk * m->width, sizeof(*r->projected));
	product_back_run(r->back, &m->output.weight, r->all, rows,
	    is_narrow ? r->projected : d, false);
	if (is_narrow)
		product_back_run(r->back, &m->project_out.weight, r->projected, rows, d,
		    false);
	if (m->output_norm.weight != NULL)
		layer_norm_back(m->architecture->norm, &m->output_norm, m->epsilon, hidden,
		    d, d, rows, m->width, false);
}

void
readout_loss(struct readout *r, const float *hidden, const uint32_t *target,
    size_t rows, struct readout_answer *answer, float weight, float *d)
{
	const size_t width = r->model->width;

	r->weight = weight;
	for (size_t at = 0; at < rows; at += r->chunk) {
		size_t n = rows - at < r->chunk ? rows - at : r->chunk;

		r->target = target + at;
		ask(r, hidden + at * width, n, d != NULL);
		for (size_t i = 0; i < n; i++)
			answer[at + i] = (struct readout_answer){ -(double)r->answer[i],
				r->likeliest[i] == target[at + i] };
		if (d == NULL)
			continue;
		pool_run(r->pool, n, slope_item, r);
		go_back(r, hidden + at * width, n, d + at * width);
	}
}

static void
capped_margin_item(void *with, size_t row, size_t worker)
{
	const struct readout *r = with;
	const struct model *m = r->model;
	const float *x = r->all + row * m->vocabulary;
	double sum = 0;

	(void)worker;
	for (size_t i = 0; i < m->vocabulary; i++)
		sum += (double)x[i];
	r->margin[row] = (double)x[r->target[row]] - sum / (double)m->vocabulary;
}

/* A part of the sum over all rows of the projection. */
static void
mean_item(void *with, size_t part, size_t worker)
{
	const struct readout *r = with;
	const struct weight *w = &r->model->output.weight;
	double *sum = r->mean + (part + 1) * w->columns;
	float *row = arena_array(w->columns, sizeof(*row));

	(void)worker;
	for (size_t i = part * w->rows / PARTS; i < (part + 1) * w->rows / PARTS; i++) {
		weight_row(w, i, row);
		for (size_t k = 0; k < w->columns; k++)
			sum[k] += (double)row[k];
	}
	free(row);
}

static void
find_mean(struct readout *r)
{
	const struct model *m = r->model;
	const size_t columns = m->output.weight.columns;

	r->mean = arena_array((PARTS + 1) * columns, sizeof(*r->mean));
	pool_run(r->pool, PARTS, mean_item, r);
	for (size_t i = 0; i < PARTS; i++)
		for (size_t k = 0; k < columns; k++)
			r->mean[k] += r->mean[(i + 1) * columns + k];
	for (size_t k = 0; k < columns; k++)
		r->mean[k] /= (double)m->vocabulary;
	for (size_t i = 0; m->output.bias != NULL && i < m->vocabulary; i++)
		r->mean_bias += (double)m->output.bias[i] / (double)m->vocabulary;
}

/* <x, row of the target - mean row>, and the same of the bias. */
static double
margin(const struct readout *r, const float *x, uint32_t target, float *row)
{
	const struct linear *w = &r->model->output;
	double sum = w->bias != NULL ? (double)w->bias[target] - r->mean_bias : 0;

	weight_row(&w->weight, target, row);
	for (size_t k = 0; k < w->weight.columns; k++)
		sum += (double)x[k] * ((double)row[k] - r->mean[k]);
	return sum;
}

void
readout_margin(struct readout *r, const float *hidden, const uint32_t *target,
    size_t rows, double *out)
{
	const struct model *m = r->model;
	const bool is_capped = m->logit_cap > 0;

	if (r->mean == NULL && !is_capped)
		find_mean(r);
	for (size_t at = 0; at < rows; at += r->chunk) {
		size_t n = rows - at < r->chunk ? rows - at : r->chunk;
		const float *x;

		if (is_capped) {
			r->target = target + at;
			r->margin = out + at;
			ask(r, hidden + at * m->width, n, true);
			pool_run(r->pool, n, capped_margin_item, r);
			continue;
		}
		x = logits_narrow(r->logits, hidden + at * m->width, n);
		for (size_t i = 0; i < n; i++)
			out[at + i] = margin(r, x + i * m->output.weight.columns,
			    target[at + i], r->row);
	}
}
