#include "config.h"

#include "infer/forward/forward_internal.h"
#include "infer/forward/ops.h"

enum { ROWS = 8 };			/* that a worker takes at a time */

struct each {
	struct forward *f;
	forward_row_fn *fn;
};

static void
run_rows(void *with, size_t item, size_t worker)
{
	const struct each *e = with;

	(void)worker;
	for (size_t r = item * ROWS; r < (item + 1) * ROWS && r < e->f->rows; r++)
		e->fn(e->f, r);
}

void
forward_each_row(struct forward *f, forward_row_fn *fn)
{
	struct each e = { f, fn };

	pool_run(f->pool, (f->rows + ROWS - 1) / ROWS, run_rows, &e);
}

void
forward_multiply(struct forward *f, const struct linear *w, float *out, size_t stride)
{
	product_run(f->product, &w->weight, out, stride);
}

/* In an MLP a scale stands behind the bias, if it counts. */
void
forward_settle(const struct forward *f, const struct linear *w, bool is_mlp, float *row)
{
	const size_t n = w->weight.rows;

	if (!is_mlp)
		layer_scale(w->scale, row, n);
	if (w->bias != NULL)
		layer_add(w->bias, row, n);
	if (is_mlp && f->model->architecture->has_mlp_scales)
		layer_scale(w->scale, row, n);
}

void
forward_norm(const struct forward *f, const struct norm_weights *w, const float *x,
    float *y, size_t rows, size_t width)
{
	layer_norm(f->model->architecture->norm, w, f->model->epsilon, x, y, rows, width);
}

void
forward_run(struct forward *f, const uint32_t *id, size_t first, size_t rows)
{
	f->rows = rows;
	f->first = first;
	f->id = id;
	forward_embed(f);
	forward_begin(f);
	for (f->layer = 0; f->layer < f->model->layers; f->layer++) {
		forward_attend(f);
		forward_think(f);
	}
}

void
forward_run_texts(struct forward *f, const uint32_t *id, size_t texts, size_t length)
{
	for (size_t r = 0; r < texts * length; r++)
		f->view[r] = (struct view){ .own = { r - r % length, r % length + 1, 0 },
			.position = (int32_t)(r % length), .is_wanted = true };
	forward_run(f, id, 0, texts * length);
}

struct view *
forward_views(struct forward *f)
{
	return f->view;
}

float *
forward_hidden(struct forward *f)
{
	return f->hidden;
}

float *
forward_seen(struct forward *f)
{
	return f->seen;
}

float *
forward_given(struct forward *f)
{
	return f->normed;
}

struct logits *
forward_logits(struct forward *f)
{
	return f->logits;
}
