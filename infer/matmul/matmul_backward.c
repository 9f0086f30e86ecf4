#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/matmul/matmul_backward.h"
#include "infer/matmul/pack_activations.h"
#include "lib/core/arena.h"

enum {
	WIDTH = 256, /* columns of a task: whole blocks of any type */
	SLAB = 256,  /* of n: WIDTH columns of 256 KiB stay in the L2 cache */
	LINE = 64,
};

struct matmul_backward {
	struct thread_pool *pool;
	float **panels;     /* of each worker: SLAB x WIDTH */
	struct tiles tiles; /* of y */
	const float *y;
	const struct weight *w;
	float *out;
	bool is_sum;
};

struct matmul_backward *
matmul_backward_new(struct thread_pool *pool, enum cpu_isa isa, size_t rows, size_t outputs)
{
	struct matmul_backward *p = calloc(1, sizeof(*p));
	const size_t threads = thread_pool_threads(pool);

	if (p == NULL || (p->panels = calloc(threads, sizeof(*p->panels))) == NULL)
		arena_out_of_memory();
	p->pool = pool;
	tiles_init(&p->tiles, COMPUTE_F32, matmul_kernel(COMPUTE_F32, isa), rows, outputs);
	for (size_t i = 0; i < threads; i++)
		p->panels[i] = arena_malloc_aligned(sizeof(float) * SLAB * WIDTH);
	return p;
}

void
matmul_backward_free(struct matmul_backward *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < thread_pool_threads(p->pool); i++)
		free(p->panels[i]);
	free(p->panels);
	tiles_release(&p->tiles);
	free(p);
}

static void
pack_tile(void *with, size_t tile, size_t worker)
{
	const struct matmul_backward *p = with;

	(void)worker;
	tiles_pack(&p->tiles, p->y, p->tiles.columns, tile);
}

/* Rows [slab, slab + n) of the matrix, columns [first, first + width), panel by panel: a row
 * of the matrix is a row of the panel, so nothing is transposed. */
static void
pack_panels(const struct matmul_backward *p, size_t slab, size_t n, size_t first, size_t width,
    float *panels)
{
	const struct dtype *t = p->w->type;
	float row[WIDTH] = { 0 };

	for (size_t k = 0; k < n; k++) {
		t->decode(weight_at(p->w, slab + k, first), width / t->block_elems, row);
		for (size_t j = 0; j < width; j += MATMUL_PANEL)
			memcpy(panels + j * SLAB + k * MATMUL_PANEL, row + j,
			    MATMUL_PANEL * sizeof(*row));
	}
}

static void
run_tile(const struct matmul_backward *p, const struct tile *tile, const float *values, size_t n,
    float *c, size_t rows, size_t columns, bool is_first)
{
	const struct panel panel = { .dword = (const uint32_t *)(const void *)values,
		.width = MATMUL_PANEL };
	const size_t stride = p->w->columns;
	float edge[MATMUL_TILE_ROWS * MATMUL_PANEL];

	if (columns >= MATMUL_PANEL) {
		p->tiles.kernel.run(tile, &panel, n, c, stride, rows, is_first);
		return;
	}
	p->tiles.kernel.run(tile, &panel, n, edge, MATMUL_PANEL, rows, true);
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < columns; j++)
			c[i * stride + j] = edge[i * MATMUL_PANEL + j]
			    + (is_first ? 0 : c[i * stride + j]);
}

static struct tile
tile_at(const struct matmul_backward *p, size_t slab, size_t tile)
{
	struct tile t;

	tiles_at(&p->tiles, slab / MATMUL_SLAB * MATMUL_SLAB, tile, &t);
	t.dword += slab % MATMUL_SLAB * MATMUL_TILE_ROWS;
	return t;
}

static void
run_task(void *with, size_t task, size_t worker)
{
	const struct matmul_backward *p = with;
	const size_t first = task * WIDTH, all = p->w->rows;
	const size_t width = p->w->columns - first < WIDTH ? p->w->columns - first : WIDTH;
	float *panels = p->panels[worker];

	for (size_t slab = 0; slab < all; slab += SLAB) {
		const size_t n = all - slab < SLAB ? all - slab : SLAB;

		pack_panels(p, slab, n, first, width, panels);
		for (size_t i = 0; i < tiles_count(&p->tiles); i++) {
			const struct tile tile = tile_at(p, slab, i);
			const size_t row = i * MATMUL_TILE_ROWS, left = p->tiles.rows - row;

			for (size_t j = 0; j < width; j += MATMUL_PANEL)
				run_tile(p, &tile, panels + j * SLAB, n,
				    p->out + row * p->w->columns + first + j,
				    left < MATMUL_TILE_ROWS ? left : MATMUL_TILE_ROWS, width - j,
				    slab == 0 && !p->is_sum);
		}
	}
}

void
matmul_backward_run(struct matmul_backward *p, const struct weight *w, const float *y, size_t rows,
    float *out, bool is_sum)
{
	p->w = w;
	p->y = y;
	p->tiles.rows = rows;
	p->tiles.columns = p->tiles.dwords = w->rows;
	p->out = out;
	p->is_sum = is_sum;
	thread_pool_run(p->pool, tiles_count(&p->tiles), pack_tile, p);
	thread_pool_run(p->pool, (w->columns + WIDTH - 1) / WIDTH, run_task, p);
}
