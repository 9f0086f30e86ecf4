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
	struct product_way way;
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
	case PRECISION_AMX: return FORMAT_AMX;
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
	/* a byte and two floats at most for each number, and 20 bytes for a part of 32 */
	return threads * pack_room_bytes() + (rows + PRODUCT_TILE_MAX) * columns * 10;
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
		tiles_init(t, p->format, p->way, p->rows_max, p->columns_max);
	t->rows = p->rows;
	t->columns = p->columns;
	t->dwords = product_dwords(&t->way, p->columns);
	pool_run(p->pool, tiles_count(t), pack_tile, p);
	p->is_packed[p->format] = true;
}

/* A tile at the last columns, of which there are fewer than a panel. */
static void
run_edge(const struct product *p, const struct tile *tile, const struct panel *panel,
    size_t dwords, float *c, size_t rows, size_t columns, bool is_first)
{
	float edge[PRODUCT_TILE_MAX * PRODUCT_PANEL];

	p->way.run(tile, panel, dwords, edge, PRODUCT_PANEL, rows, true);
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
	const size_t numbers = p->way.slab * p->way.numbers;
	const size_t next = slab * p->way.numbers + numbers;
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
	const struct tiles *x = &p->tiles[p->format];
	const size_t columns = p->w->rows - first, tiles = tiles_count(x);
	size_t ahead = 0;

	for (size_t t = 0; t < tiles; t++) {
		const struct tile tile = tiles_at(x, slab, t);
		const size_t row = t * p->way.rows;
		const size_t rows = p->rows - row < p->way.rows ? p->rows - row : p->way.rows;
		float *c = p->out + row * p->stride + first;

		while (ahead * tiles < (t + 1) * PRODUCT_PANEL)
			fetch_ahead(p, first, slab, ahead++);
		if (columns < PRODUCT_PANEL)
			run_edge(p, &tile, panel, dwords, c, rows, columns, slab == 0);
		else
			p->way.run(&tile, panel, dwords, c, p->stride, rows, slab == 0);
	}
}

static void
run_item(void *with, size_t item, size_t worker)
{
	const struct product *p = with;
	const size_t first = item * PRODUCT_PANEL;
	const size_t all = p->tiles[p->format].dwords;

	for (size_t slab = 0; slab < all; slab += p->way.slab) {
		const size_t n = all - slab < p->way.slab ? all - slab : p->way.slab;
		const struct panel panel = pack_panel(p->room[worker], p->w, p->format,
		    p->way, first, slab, n);

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
	p->way = product_way(p->format, p->level);
	pack_x(p);
	pool_run(p->pool, (w->rows + PRODUCT_PANEL - 1) / PRODUCT_PANEL, run_item, p);
}
