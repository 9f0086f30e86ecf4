#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/product.h"
#include "infer/product_kernel.h"
#include "lib/arena.h"

enum {
	SLAB = 256,			/* of k: a panel of it stays in the first cache */
	PANELS = 4,			/* a work item: so many panels of outputs */
	BLOCK_MAX = 256,		/* numbers in a block of any type */
	LINE = 64,
};

/* What a worker unpacks into. */
struct scratch {
	float *row;			/* SLAB floats */
	float *panel;			/* PANELS x SLAB x PRODUCT_PANEL */
	float *edge;			/* a tile of outputs behind the last column */
};

struct product {
	struct pool *pool;
	product_kernel_fn *kernel;
	struct scratch *scratch;	/* of each worker */
	float *tiles;			/* x: slab by slab, tile by tile, k by k */
	const float *x;
	size_t rows, columns, tiles_len;
	const struct weight *w;
	float *out;
	size_t stride;
};

static float *
floats(size_t n)
{
	size_t bytes = (n * sizeof(float) + LINE - 1) / LINE * LINE;
	float *p = aligned_alloc(LINE, bytes > 0 ? bytes : LINE);

	if (p == NULL)
		arena_exhausted();
	return p;
}

static size_t
tiles_of(size_t rows)
{
	return (rows + PRODUCT_TILE - 1) / PRODUCT_TILE;
}

struct product *
product_new(struct pool *pool, enum level level, size_t rows, size_t columns)
{
	struct product *p = calloc(1, sizeof(*p));
	size_t threads = pool_threads(pool);

	if (p == NULL || (p->scratch = calloc(threads, sizeof(*p->scratch))) == NULL)
		arena_exhausted();
	p->pool = pool;
	p->kernel = product_kernel(level);
	p->tiles = floats(tiles_of(rows) * PRODUCT_TILE * columns);
	for (size_t i = 0; i < threads; i++) {
		p->scratch[i].row = floats(SLAB + BLOCK_MAX);
		p->scratch[i].panel = floats((size_t)PANELS * SLAB * PRODUCT_PANEL);
		p->scratch[i].edge = floats((size_t)PRODUCT_TILE * PRODUCT_PANEL);
	}
	return p;
}

void
product_free(struct product *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < pool_threads(p->pool); i++) {
		free(p->scratch[i].row);
		free(p->scratch[i].panel);
		free(p->scratch[i].edge);
	}
	free(p->scratch);
	free(p->tiles);
	free(p);
}

static size_t
slab_len(const struct product *p, size_t from)
{
	return p->columns - from < SLAB ? p->columns - from : SLAB;
}

static float *
tile_at(const struct product *p, size_t slab, size_t tile)
{
	return p->tiles + PRODUCT_TILE * (slab * p->tiles_len
	    + tile * slab_len(p, slab));
}

static void
pack_tile(void *with, size_t tile, size_t worker)
{
	const struct product *p = with;

	(void)worker;
	for (size_t slab = 0; slab < p->columns; slab += SLAB) {
		float *to = tile_at(p, slab, tile);
		size_t n = slab_len(p, slab);

		for (size_t i = 0; i < PRODUCT_TILE; i++) {
			size_t row = tile * PRODUCT_TILE + i;
			const float *from = p->x + row * p->columns + slab;

			for (size_t k = 0; k < n; k++)
				to[k * PRODUCT_TILE + i] = row < p->rows ? from[k] : 0;
		}
	}
}

void
product_set(struct product *p, const float *x, size_t rows, size_t columns)
{
	p->x = x;
	p->rows = rows;
	p->columns = columns;
	p->tiles_len = tiles_of(rows);
	pool_run(p->pool, p->tiles_len, pack_tile, p);
}

/* Numbers [from, from + n) of a row, in the room unless they are floats already; a
 * slab begins with a block. */
static const float *
unpack_row(const struct weight *w, size_t row, size_t from, size_t n, float *room)
{
	const struct tensor_type *t = w->type;
	const unsigned char *at = (const unsigned char *)w->data
	    + (row * w->columns + from) / t->numbers * t->bytes;

	if (t->is_plain && (uintptr_t)at % sizeof(float) == 0)
		return (const float *)(const void *)at;
	t->decode(at, n / t->numbers, room);
	return room;
}

static void
unpack_panel(const struct weight *w, size_t first, size_t slab, size_t n,
    float *room, float *panel)
{
	for (size_t j = 0; j < PRODUCT_PANEL; j++) {
		const float *from = first + j < w->rows
		    ? unpack_row(w, first + j, slab, n, room) : NULL;

		for (size_t k = 0; k < n; k++)
			panel[k * PRODUCT_PANEL + j] = from != NULL ? from[k] : 0;
	}
}

/* A tile at the last columns, of which there are fewer than a panel. */
static void
run_edge(const struct product *p, const struct scratch *s, const float *tile,
    const float *panel, size_t n, float *c, size_t rows, size_t columns,
    bool is_first)
{
	p->kernel(tile, panel, n, s->edge, PRODUCT_PANEL, rows, true);
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < columns; j++)
			c[i * p->stride + j] = s->edge[i * PRODUCT_PANEL + j]
			    + (is_first ? 0 : c[i * p->stride + j]);
}

static void
run_panel(const struct product *p, const struct scratch *s, const float *panel,
    size_t first, size_t slab, size_t n)
{
	size_t columns = p->w->rows - first;

	for (size_t t = 0; t < p->tiles_len; t++) {
		size_t row = t * PRODUCT_TILE;
		size_t rows = p->rows - row < PRODUCT_TILE ? p->rows - row : PRODUCT_TILE;
		float *c = p->out + row * p->stride + first;

		if (columns < PRODUCT_PANEL)
			run_edge(p, s, tile_at(p, slab, t), panel, n, c, rows, columns,
			    slab == 0);
		else
			p->kernel(tile_at(p, slab, t), panel, n, c, p->stride, rows,
			    slab == 0);
	}
}

static void
run_item(void *with, size_t item, size_t worker)
{
	const struct product *p = with;
	const struct scratch *s = &p->scratch[worker];
	size_t first = item * PANELS * PRODUCT_PANEL;

	for (size_t slab = 0; slab < p->columns; slab += SLAB)
		for (size_t i = 0; i < PANELS; i++) {
			size_t at = first + i * PRODUCT_PANEL, n = slab_len(p, slab);
			float *panel = s->panel + i * SLAB * PRODUCT_PANEL;

			if (at >= p->w->rows)
				break;
			unpack_panel(p->w, at, slab, n, s->row, panel);
			run_panel(p, s, panel, at, slab, n);
		}
}

void
product_run(struct product *p, const struct weight *w, float *out, size_t stride)
{
	p->w = w;
	p->out = out;
	p->stride = stride;
	pool_run(p->pool, (w->rows + (size_t)PANELS * PRODUCT_PANEL - 1)
	    / ((size_t)PANELS * PRODUCT_PANEL), run_item, p);
}

void
weight_row(const struct weight *w, size_t row, float *out)
{
	w->type->decode((const unsigned char *)w->data + row * (w->columns
	    / w->type->numbers) * w->type->bytes, w->columns / w->type->numbers, out);
}
