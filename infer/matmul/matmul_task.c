/* matmul_task.c - one task: a few panels of a matrix, or of two fused ones, times all tiles. */

#include "config.h"

#include <string.h>

#include "infer/matmul/matmul_internal.h"

/* Where a kernel leaves its sums: in a worker's own memory, or in the result itself. */
struct sums {
	float *c;
	size_t tile, panel, row; /* floats from one to the next */
	bool is_apart;
};

static struct sums
sums_at(const struct matmul_job *j, float *c, size_t stride, bool is_apart)
{
	const size_t both = j->kernel.rows * MATMUL_PANEL;

	return j->kernel.store != NULL
	    ? (struct sums){ c, job_weights(j) * j->task_panels * both, both, MATMUL_PANEL,
		      is_apart }
	    : (struct sums){ c, j->kernel.rows * stride, MATMUL_PANEL, stride, is_apart };
}

static size_t
rows_of_tile(const struct matmul *p, const struct matmul_job *j, size_t tile)
{
	const size_t left = p->rows - tile * j->kernel.rows;

	return left < j->kernel.rows ? left : j->kernel.rows;
}

/* The panels of a task, contiguous columns of the result, and one slab of k. */
struct slab {
	struct panel panel[MATMUL_TASK_PANELS]; /* those of the gate last */
	size_t panels, first, columns;          /* of one matrix */
	size_t from, dwords;                    /* of k */
	bool is_last;
};

/* A piece of the next tile, one piece for each panel. */
static const char *
next_piece(const struct matmul_job *j, const struct slab *s, const struct tile *tile, size_t panel)
{
	const size_t dwords = j->kernel.rows * s->dwords;

	return (const char *)(tile->dword + dwords + panel * dwords / MATMUL_TASK_PANELS);
}

/* Sums of the gate and of the other matrix become one. */
static void
run_epilogue(const struct matmul_job *j, const struct slab *s, const struct sums *to, size_t rows,
    float *c)
{
	const struct matmul_fused *fused = j->fused;
	float *gate = c + s->panels * to->panel;

	if (j->kernel.store != NULL)
		fused->epilogue(fused->context, gate, c, s->panels * to->panel);
	else
		for (size_t i = 0; i < rows; i++)
			fused->epilogue(fused->context, gate + i * to->row, c + i * to->row,
			    s->columns);
}

/* Copies the sums of a tile and a panel to the result. */
static void
store_sums(const struct matmul_job *j, const float *c, size_t stride, size_t rows, size_t columns,
    float *to)
{
	if (j->kernel.store != NULL) {
		j->kernel.store(c, rows, columns, to, j->m.stride);
		return;
	}
	for (size_t i = 0; i < rows; i++)
		memcpy(to + i * j->m.stride, c + i * stride, columns * sizeof(*to));
}

/* Moves the finished sums of a tile to the result, or to the next product's input. */
static void
end_tile(const struct matmul *p, const struct matmul_job *j, const struct slab *s,
    const struct sums *to, size_t tile)
{
	const size_t rows = rows_of_tile(p, j, tile);
	float *c = to->c + tile * to->tile;

	if (j->fused != NULL)
		run_epilogue(j, s, to, rows, c);
	for (size_t at = 0; at < s->columns; at += MATMUL_PANEL, c += to->panel) {
		const size_t left = s->columns - at, column = s->first + at;

		if (output_stays_packed(j))
			tiles_store_packed(&p->next_input, tile, column, c);
		else
			store_sums(j, c, to->row, rows, left < MATMUL_PANEL ? left : MATMUL_PANEL,
			    j->m.out + tile * j->kernel.rows * j->m.stride + column);
	}
}

static void
run_slab(const struct matmul *p, const struct matmul_job *j, const struct slab *s,
    const struct sums *to)
{
	const struct tiles *all = &p->input[j->compute].tiles;

	if (j->kernel.begin != NULL)
		j->kernel.begin(&s->panel[0]);
	for (size_t t = 0; t < tiles_count(all); t++) {
		struct tile tile;

		tiles_at(all, s->from, t, &tile);
		for (size_t i = 0; i < job_weights(j) * s->panels; i++) {
			tile.prefetch = next_piece(j, s, &tile, i);
			j->kernel.run(&tile, &s->panel[i], s->dwords,
			    to->c + t * to->tile + i * to->panel, to->row, rows_of_tile(p, j, t),
			    s->from == 0);
		}
		if (s->is_last && to->is_apart)
			end_tile(p, j, s, to, t);
	}
	if (j->kernel.end != NULL)
		j->kernel.end();
}

/* Packs one slab of all panels of a task. */
static void
pack_panels(const struct matmul_job *j, struct pack_scratch *scratch, struct slab *s)
{
	for (size_t i = 0; i < job_weights(j) * s->panels; i++) {
		const struct weight *w = i < s->panels ? j->m.w : j->fused->gate;

		s->panel[i] = pack_panel(scratch, i, w, j->compute, j->kernel,
		    s->first + i % s->panels * MATMUL_PANEL, s->from, s->dwords);
	}
}

/* Sums are kept apart from the result where the last panel is not whole, where a kernel
 * wants them contiguous, and where two matrices are fused. */
static void
run_panels(const struct matmul *p, const struct matmul_job *j, size_t panel, size_t panels,
    size_t worker)
{
	const size_t first = panel * MATMUL_PANEL, left = j->m.w->rows - first;
	const size_t all = p->input[j->compute].tiles.dwords;
	struct slab s = { .panels = panels,
		.first = first,
		.columns = left < panels * MATMUL_PANEL ? left : panels * MATMUL_PANEL };
	const bool is_apart = j->kernel.store != NULL || j->fused != NULL
	    || s.columns % MATMUL_PANEL != 0;
	const struct sums to = is_apart
	    ? sums_at(j, p->sums[worker], job_weights(j) * panels * MATMUL_PANEL, true)
	    : sums_at(j, j->m.out + first, j->m.stride, false);

	for (; s.from < all; s.from += j->kernel.slab) {
		s.is_last = all - s.from <= j->kernel.slab;
		s.dwords = s.is_last ? all - s.from : j->kernel.slab;
		pack_panels(j, p->scratch[worker], &s);
		run_slab(p, j, &s, &to);
	}
}

void
matmul_task(void *product, size_t task, size_t worker)
{
	const struct matmul *p = product;
	const struct matmul_job *j = p->job;
	size_t panel, left;

	for (; task >= j->tasks; j++)
		task -= j->tasks;
	panel = task * j->task_panels;
	left = matmul_panels(j->m.w) - panel;
	run_panels(p, j, panel, left < j->task_panels ? left : j->task_panels, worker);
}
