#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/layers.h"
#include "infer/layers_back.h"
#include "infer/product_back.h"
#include "infer/readout.h"
#include "lib/arena.h"

enum { MOST = 1 << 25, PARTS = 64 };	/* logits in a chunk; parts of a mean */

struct readout {
	const struct model *model;
	struct pool *pool;
	struct product *product;
	struct product_back *back;	/* NULL until it is needed */
	enum level level;
	size_t chunk;			/* rows */
	float *normed, *projected, *logits;
	float *row;			/* of the projection */
	double *mean;			/* of the projection's rows; NULL until needed */
	double mean_bias;
	/* of the chunk in hand */
	const uint32_t *target;
	struct readout_answer *answer;
	double *margin;
	float weight;
	bool has_gradient;
};

struct readout *
readout_new(const struct model *m, enum level level, size_t rows,
    struct pool *pool)
{
	struct readout *r = arena_array(1, sizeof(*r));
	const size_t most = MOST / m->vocabulary + 16;

	r->model = m;
	r->pool = pool;
	r->level = level;
	r->chunk = rows < most ? rows : most;
	r->product = product_new(pool, level, PRECISION_F32, r->chunk, m->width);
	r->normed = arena_array(r->chunk * m->width, sizeof(float));
	r->projected = arena_array(r->chunk * m->width, sizeof(float));
	r->row = arena_array(m->width, sizeof(float));
	r->logits = arena_array(r->chunk * m->vocabulary, sizeof(float));
	return r;
}

void
readout_free(struct readout *r)
{
	if (r == NULL)
		return;
	product_free(r->product);
	product_back_free(r->back);
	free(r->normed);
	free(r->projected);
	free(r->row);
	free(r->logits);
	free(r->mean);
	free(r);
}

/* What the vocabulary projection takes, for rows of a chunk. */
static const float *
narrow(struct readout *r, const float *hidden, size_t rows)
{
	const struct model *m = r->model;

	if (m->output_norm.weight != NULL)
		layer_norm(m->architecture->norm, &m->output_norm, m->epsilon, hidden,
		    r->normed, rows, m->width);
	else
		memcpy(r->normed, hidden, rows * m->width * sizeof(float));
	if (m->project_out.weight.data == NULL)
		return r->normed;
	product_set(r->product, r->normed, rows, m->width);
	product_run(r->product, &m->project_out.weight, r->projected,
	    m->output.weight.columns);
	return r->projected;
}

static void
multiply(struct readout *r, const float *hidden, size_t rows)
{
	const struct model *m = r->model;

	product_set(r->product, narrow(r, hidden, rows), rows,
	    m->output.weight.columns);
	product_run(r->product, &m->output.weight, r->logits, m->vocabulary);
}

/* Logits of a row become, where there is a gradient, that by the logits. */
static void
loss_item(void *with, size_t row, size_t worker)
{
	const struct readout *r = with;
	const struct model *m = r->model;
	float *x = r->logits + row * m->vocabulary;
	const uint32_t target = r->target[row];
	size_t first = 0;
	double sum = 0;
	float most;

	(void)worker;
	if (m->output.bias != NULL)
		layer_add(m->output.bias, x, m->vocabulary);
	layer_cap(m->logit_cap, x, m->vocabulary);
	for (size_t i = 1; i < m->vocabulary; i++)
		first = x[i] > x[first] ? i : first;
	most = x[first];
	for (size_t i = 0; i < m->vocabulary; i++)
		sum += (double)expf(x[i] - most);
	r->answer[row].is_first = first == target;
	r->answer[row].loss = (double)most + log(sum) - (double)x[target];
	if (!r->has_gradient)
		return;
	for (size_t i = 0; i < m->vocabulary; i++) {
		float slope = r->weight;

		layer_cap_back(m->logit_cap, &x[i], &slope, 1);
		x[i] = slope * ((float)((double)expf(x[i] - most) / sum)
		    - (i == target ? 1.0f : 0.0f));
	}
}

static void
go_back(struct readout *r, const float *hidden, size_t rows, float *d)
{
	const struct model *m = r->model;
	const bool is_narrow = m->project_out.weight.data != NULL;

	if (r->back == NULL)
		r->back = product_back_new(r->pool, r->level, r->chunk, m->vocabulary);
	product_back_run(r->back, &m->output.weight, r->logits, rows,
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
	r->has_gradient = d != NULL;
	for (size_t at = 0; at < rows; at += r->chunk) {
		size_t n = rows - at < r->chunk ? rows - at : r->chunk;

		r->target = target + at;
		r->answer = answer + at;
		multiply(r, hidden + at * width, n);
		pool_run(r->pool, n, loss_item, r);
		if (d != NULL)
			go_back(r, hidden + at * width, n, d + at * width);
	}
}

static void
capped_margin_item(void *with, size_t row, size_t worker)
{
	const struct readout *r = with;
	const struct model *m = r->model;
	float *x = r->logits + row * m->vocabulary;
	double sum = 0;

	(void)worker;
	if (m->output.bias != NULL)
		layer_add(m->output.bias, x, m->vocabulary);
	layer_cap(m->logit_cap, x, m->vocabulary);
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
			multiply(r, hidden + at * m->width, n);
			pool_run(r->pool, n, capped_margin_item, r);
			continue;
		}
		x = narrow(r, hidden + at * m->width, n);
		for (size_t i = 0; i < n; i++)
			out[at + i] = margin(r, x + i * m->output.weight.columns,
			    target[at + i], r->row);
	}
}
