/* matmul.c - packs activations once for each compute type, and cuts matrices into tasks. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/matmul/matmul_internal.h"
#include "lib/core/arena.h"

enum compute_type
matmul_compute_type(enum precision precision, const struct dtype *t)
{
	switch (precision) {
	case PRECISION_F32:
		return COMPUTE_F32;
	case PRECISION_BF16:
		return COMPUTE_BF16;
	case PRECISION_INT8:
		return COMPUTE_INT8;
	case PRECISION_AMX:
		return COMPUTE_AMX;
	case PRECISION_AUTO:
		break;
	}
	return t->compute;
}

/* Floats of the sums of a task: whole tiles and panels. */
static size_t
sums_len(size_t rows)
{
	return (rows + MATMUL_TILE_ROWS_MAX - 1) / MATMUL_TILE_ROWS_MAX * MATMUL_TILE_ROWS_MAX
	    * MATMUL_TASK_PANELS * MATMUL_PANEL;
}

struct matmul *
matmul_new(struct thread_pool *pool, enum cpu_isa isa, enum precision precision, size_t rows,
    size_t columns)
{
	struct matmul *p = calloc(1, sizeof(*p));
	const size_t threads = thread_pool_threads(pool);

	if (p == NULL || (p->scratch = calloc(threads, sizeof(*p->scratch))) == NULL
	    || (p->sums = calloc(threads, sizeof(*p->sums))) == NULL)
		arena_out_of_memory();
	p->pool = pool;
	p->isa = isa;
	p->precision = precision;
	p->rows_max = rows;
	p->columns_max = columns;
	for (size_t i = 0; i < threads; i++) {
		p->scratch[i] = pack_scratch_new();
		p->sums[i] = arena_malloc_aligned(sums_len(rows) * sizeof(**p->sums));
	}
	return p;
}

void
matmul_free(struct matmul *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < thread_pool_threads(p->pool); i++) {
		pack_scratch_free(p->scratch[i]);
		free(p->sums[i]);
	}
	for (int i = 0; i < COMPUTE_TYPES; i++)
		tiles_release(&p->input[i].tiles);
	tiles_release(&p->next_input);
	free(p->scratch);
	free(p->sums);
	free(p);
}

size_t
matmul_bytes(size_t threads, size_t rows, size_t columns)
{
	/* of each value a float at most in F32, BF16 and INT8 */
	return threads * (pack_scratch_bytes() + sums_len(rows) * sizeof(float))
	    + (rows + MATMUL_TILE_ROWS_MAX) * columns * 12;
}

void
matmul_set_input(struct matmul *p, const float *x, size_t rows, size_t columns)
{
	matmul_set_input_strided(p, x, rows, columns, columns);
}

void
matmul_set_input_strided(struct matmul *p, const float *x, size_t rows, size_t columns,
    size_t stride)
{
	p->x = x;
	p->x_stride = stride;
	p->rows = rows;
	p->columns = columns;
	for (int i = 0; i < COMPUTE_TYPES; i++)
		p->input[i].is_packed = false;
}

/* Sizes tiles for all rows of `columns` values, and allocates them the first time. */
static void
size_tiles(const struct matmul *p, struct tiles *t, const struct matmul_job *j, size_t columns)
{
	if (t->dword == NULL)
		tiles_init(t, j->compute, j->kernel, p->rows_max, p->columns_max);
	t->rows = p->rows;
	t->columns = columns;
	t->dwords = matmul_row_dwords(&j->kernel, columns);
}

static void
pack_tile(void *with, size_t tile, size_t worker)
{
	const struct matmul *p = with;

	(void)worker;
	tiles_pack(&p->input[p->packing].tiles, p->x, p->x_stride, tile);
}

static void
pack_x(struct matmul *p, const struct matmul_job *j)
{
	struct packed_input *in = &p->input[j->compute];

	if (in->is_packed)
		return;
	size_tiles(p, &in->tiles, j, p->columns);
	p->packing = j->compute;
	thread_pool_run(p->pool, tiles_count(&in->tiles), pack_tile, p);
	in->is_packed = true;
}

static struct matmul_job
job_of(const struct matmul *p, const struct matmul_op *m)
{
	const enum compute_type compute = matmul_compute_type(p->precision, m->w->type);

	return (struct matmul_job){
		.m = *m, .compute = compute, .kernel = matmul_kernel(compute, p->isa)
	};
}

static void
run_jobs(struct matmul *p, size_t n)
{
	enum { TASKS = 4 }; /* a thread, at least, so that all finish together */
	size_t tasks = 0, panels = 0;

	for (size_t i = 0; i < n; i++)
		panels += matmul_panels(p->job[i].m.w);
	for (size_t i = 0; i < n; i++) {
		struct matmul_job *j = &p->job[i];
		const size_t fair = panels / (TASKS * thread_pool_threads(p->pool));
		const size_t most = j->kernel.task_panels / job_weights(j);

		j->task_panels = fair < most ? fair : most;
		j->task_panels = j->task_panels > 0 ? j->task_panels : 1;
		j->tasks = (matmul_panels(j->m.w) + j->task_panels - 1) / j->task_panels;
		tasks += j->tasks;
		pack_x(p, j);
	}
	thread_pool_run(p->pool, tasks, matmul_task, p);
}

void
matmul_run_all(struct matmul *p, const struct matmul_op *m, size_t n)
{
	if (p->rows == 0)
		return;
	for (size_t i = 0; i < n; i++)
		p->job[i] = job_of(p, &m[i]);
	run_jobs(p, n);
}

void
matmul_run(struct matmul *p, const struct weight *w, float *out, size_t stride)
{
	matmul_run_all(p, &(struct matmul_op){ w, out, stride }, 1);
}

/* The packed result becomes the input. */
static void
swap_input(struct matmul *p, struct packed_input *in)
{
	const struct tiles t = in->tiles;

	in->tiles = p->next_input;
	p->next_input = t;
	in->is_packed = true;
}

void
matmul_run_fused(struct matmul *p, const struct matmul_fused *join)
{
	const struct matmul_op *m = &join->up;
	struct matmul_job *j = &p->job[0];

	if (p->rows == 0)
		return;
	*j = job_of(p, m);
	j->fused = join;
	if (output_stays_packed(j))
		size_tiles(p, &p->next_input, j, m->w->rows);
	run_jobs(p, 1);
	matmul_set_input_strided(p, m->out, p->rows, m->w->rows, m->stride);
	if (output_stays_packed(j))
		swap_input(p, &p->input[j->compute]);
}
