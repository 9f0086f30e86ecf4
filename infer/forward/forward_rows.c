#include "config.h"

#include "infer/forward/forward_rows.h"
#include "infer/forward/ops.h"

enum { CHUNK_ROWS = 8 }; /* that a worker takes at a time */

struct row_job {
	struct forward *f;
	forward_row_fn *fn;
};

static void
run_rows(void *with, size_t chunk, size_t worker)
{
	const struct row_job *e = with;

	(void)worker;
	for (size_t r = chunk * CHUNK_ROWS; r < (chunk + 1) * CHUNK_ROWS && r < e->f->rows; r++)
		e->fn(e->f, r);
}

void
forward_each_row(struct forward *f, forward_row_fn *fn)
{
	struct row_job e = { f, fn };

	thread_pool_run(f->pool, (f->rows + CHUNK_ROWS - 1) / CHUNK_ROWS, run_rows, &e);
}

void
forward_matmul(struct forward *f, const struct linear *w, float *out, size_t stride)
{
	matmul_run(f->matmul, &w->weight, out, stride);
}

/* MLP scales come after the bias, if they count. */
void
forward_bias_scale(const struct forward *f, const struct linear *w, bool is_mlp, float *row)
{
	const size_t n = w->weight.rows;

	if (!is_mlp)
		ops_scale(w->scale, row, n);
	if (w->bias != NULL)
		ops_add(w->bias, row, n);
	if (is_mlp && f->model->architecture->has_mlp_scales)
		ops_scale(w->scale, row, n);
}

void
forward_norm(const struct forward *f, const struct norm_weights *w, const float *x, float *y,
    size_t rows, size_t width)
{
	ops_norm(f->model->architecture->norm, w, f->model->epsilon, x, y, rows, width);
}
