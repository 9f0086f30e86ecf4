#include "config.h"

#include "infer/forward/forward_rows.h"
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
