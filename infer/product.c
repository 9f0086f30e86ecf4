#include "config.h"

#include <stdlib.h>

#include "infer/pack.h"
#include "infer/product.h"
#include "lib/arena.h"

enum { LINE = 64 };

struct product {
	struct pool *pool;
	enum level level;
	enum precision precision;
	size_t rows_max, columns_max;
	struct pack_room **room;	/* of each worker */
	struct tiles tiles[FORMATS];	/* memory is taken when a format comes first */
	bool is_packed[FORMATS];	/* x is */
	const float *x;
	size_t rows, columns, x_stride;

	/* the product in hand */
	const struct weight *w;
	enum format format;
	product_kernel_fn *kernel;
	float *out;
	size_t stride;
};

enum format
product_format(enum precision precision, const struct tensor_type *t)
{
	switch (precision) {
	case PRECISION_F32: return FORMAT_F32;
	case PRECISION_BF16: return FORMAT_BF16;
	case PRECISION_INT8: return FORMAT_INT8;
	case PRECISION_AUTO: break;
	}
	return t->natural;
}

struct product *
product_new(struct pool *pool, enum level level, enum precision precision,
    size_t rows, size_t columns)
{
	struct product *p = calloc(1, sizeof(*p));
	const size_t threads = pool_threads(pool);

	if (p == NULL || (p->room = calloc(threads, sizeof(*p->room))) == NULL)
		arena_exhausted();
	p->pool = pool;
	p->level = level;
	p->precision = precision;
	p->rows_max = rows;
	p->columns_max = columns;
	for (size_t i = 0; i < threads; i++)
		p->room[i] = pack_room_new();
	return p;
}

void
product_free(struct product *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < pool_threads(p->pool); i++)
		pack_room_free(p->room[i]);
	for (int i = 0; i < FORMATS; i++)
		tiles_release(&p->tiles[i]);
	free(p->room);
	free(p);
}

size_t
product_bytes(size_t threads, size_t rows, size_t columns)
{
	/* a byte, a word and a float for each number, and 3/32 words for its part */
	return threads * pack_room_bytes() + (rows + PRODUCT_TILE) * columns * 8;
}

void
product_set(struct product *p, const float *x, size_t rows, size_t columns)
{
	product_set_strided(p, x, rows, columns, columns);
}

void
product_set_strided(struct product *p, const float *x, size_t rows, size_t columns,
    size_t stride)
{
	p->x = x;
	p->x_stride = stride;
	p->rows = rows;
	p->columns = columns;
	for (int i = 0; i < FORMATS; i++)
		p->is_packed[i] = false;
}

static void
pack_tile(void *with, size_t tile, size_t worker)
{
	const struct product *p = with;

	(void)worker;
	tiles_pack(&p->tiles[p->format], p->x, p->x_stride, tile);
}

static void
pack_x(struct product *p)
{
	struct tiles *t = &p->tiles[p->format];

	if (p->is_packed[p->format])
		return;
	if (t->dword == NULL)
		tiles_init(t, p->format, p->rows_max, p->columns_max);
	t->rows = p->rows;
	t->columns = p->columns;
	t->dwords = format_dwords(p->format, p->columns);
	pool_run(p->pool, tiles_of(p->rows), pack_tile, p);
	p->is_packed[p->format] = true;
}

/* A tile at the last columns, of which there are fewer than a panel. */
static void
run_edge(const struct product *p, const struct tile *tile, const struct panel *panel,
    size_t dwords, float *c, size_t rows, size_t columns, bool is_first)
{
	float edge[PRODUCT_TILE * PRODUCT_PANEL];

	p->kernel(tile, panel, dwords, edge, PRODUCT_PANEL, rows, true);
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < columns; j++)
			c[i * p->stride + j] = edge[i * PRODUCT_PANEL + j]
			    + (is_first ? 0 : c[i * p->stride + j]);
}

/* Asks for one row of the panel that is most likely the next to be unpacked: the
 * next slab of these rows, or the first of those that come when the other threads
 * have taken theirs. */
static void
fetch_ahead(const struct product *p, size_t first, size_t slab, size_t row)
{
	const size_t numbers = PACK_SLAB * format_numbers(p->format);
	const size_t next = (slab + PACK_SLAB) * format_numbers(p->format);
	const bool is_same = next < p->w->columns;
	const size_t from = is_same ? next : 0, left = p->w->columns - from;
	const size_t n = left < numbers ? left : numbers;
	const unsigned char *at;

	row += first + (is_same ? 0 : pool_threads(p->pool) * PRODUCT_PANEL);
	if (row >= p->w->rows)
		return;
	at = weight_at(p->w, row, from);
	for (size_t i = 0; i < n / p->w->type->numbers * p->w->type->bytes; i += LINE)
		__builtin_prefetch(at + i, 0, 2);
}

static void
run_panel(const struct product *p, const struct panel *panel, size_t first,
    size_t slab, size_t dwords)
{
	const size_t columns = p->w->rows - first;
	size_t ahead = 0;

	for (size_t t = 0; t < tiles_of(p->rows); t++) {
		const struct tile tile = tiles_at(&p->tiles[p->format], slab, t);
		const size_t row = t * PRODUCT_TILE;
		const size_t rows = p->rows - row < PRODUCT_TILE ? p->rows - row
		    : PRODUCT_TILE;
		float *c = p->out + row * p->stride + first;

		while (ahead * tiles_of(p->rows) < (t + 1) * PRODUCT_PANEL)
			fetch_ahead(p, first, slab, ahead++);
		if (columns < PRODUCT_PANEL)
			run_edge(p, &tile, panel, dwords, c, rows, columns, slab == 0);
		else
			p->kernel(&tile, panel, dwords, c, p->stride, rows, slab == 0);
	}
}

static void
run_item(void *with, size_t item, size_t worker)
{
	const struct product *p = with;
	const size_t first = item * PRODUCT_PANEL;
	const size_t all = p->tiles[p->format].dwords;

	for (size_t slab = 0; slab < all; slab += PACK_SLAB) {
		const size_t n = all - slab < PACK_SLAB ? all - slab : PACK_SLAB;
		const struct panel panel = pack_panel(p->room[worker], p->w, p->format,
		    first, slab, n, product_turn(p->level));

		run_panel(p, &panel, first, slab, n);
	}
}

void
product_run(struct product *p, const struct weight *w, float *out, size_t stride)
{
	p->w = w;
	p->out = out;
	p->stride = stride;
	p->format = product_format(p->precision, w->type);
	p->kernel = product_kernel(p->format, p->level);
	pack_x(p);
	pool_run(p->pool, (w->rows + PRODUCT_PANEL - 1) / PRODUCT_PANEL, run_item, p);
}
