#include "config.h"

#include <stdlib.h>
#include <string.h>

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
	float **edge;			/* of each worker: rows_max x PRODUCT_PANELS panels */
	struct tiles tiles[FORMATS];	/* memory is taken when a format comes first */
	bool is_packed[FORMATS];	/* x is */
	const float *x;
	size_t rows, columns, x_stride;

	/* the product in hand */
	const struct weight *w;
	enum format format;
	struct product_way way;
	size_t panels;			/* of an item of work */
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

	if (p == NULL || (p->room = calloc(threads, sizeof(*p->room))) == NULL
	    || (p->edge = calloc(threads, sizeof(*p->edge))) == NULL)
		arena_exhausted();
	p->pool = pool;
	p->level = level;
	p->precision = precision;
	p->rows_max = rows;
	p->columns_max = columns;
	for (size_t i = 0; i < threads; i++) {
		p->room[i] = pack_room_new();
		p->edge[i] = arena_array(rows * PRODUCT_PANELS * PRODUCT_PANEL,
		    sizeof(**p->edge));
	}
	return p;
}

void
product_free(struct product *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < pool_threads(p->pool); i++) {
		pack_room_free(p->room[i]);
		free(p->edge[i]);
	}
	for (int i = 0; i < FORMATS; i++)
		tiles_release(&p->tiles[i]);
	free(p->room);
	free(p->edge);
	free(p);
}

size_t
product_bytes(size_t threads, size_t rows, size_t columns)
{
	/* a byte and two floats at most for each number, and 20 bytes for a part of 32 */
	return threads * (pack_room_bytes() + rows * PRODUCT_PANELS * PRODUCT_PANEL
	    * sizeof(float)) + (rows + PRODUCT_TILE_MAX) * columns * 10;
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

	row += first + (is_same ? 0 : pool_threads(p->pool) * p->panels * PRODUCT_PANEL);
	if (row >= p->w->rows)
		return;
	at = weight_at(p->w, row, from);
	for (size_t i = 0; i < n / p->w->type->numbers * p->w->type->bytes; i += LINE)
		__builtin_prefetch(at + i, 0, 2);
}

/* One slab of a few panels, the sums of which stand beside each other. */
static void
run_panels(const struct product *p, const struct panel *panel, size_t panels,
    size_t first, size_t slab, size_t dwords, float *c, size_t c_stride)
{
	const struct tiles *x = &p->tiles[p->format];
	const size_t tiles = tiles_count(x);
	size_t ahead = 0;

	for (size_t t = 0; t < tiles; t++) {
		const struct tile tile = tiles_at(x, slab, t);
		const size_t row = t * p->way.rows;
		const size_t rows = p->rows - row < p->way.rows ? p->rows - row : p->way.rows;

		while (ahead * tiles < (t + 1) * panels * PRODUCT_PANEL)
			fetch_ahead(p, first, slab, ahead++);
		for (size_t i = 0; i < panels; i++)
			p->way.run(&tile, &panel[i], dwords, c + row * c_stride
			    + i * PRODUCT_PANEL, c_stride, rows, slab == 0);
	}
}

/* At the last columns, of which there may be fewer than whole panels, sums are made
 * apart. */
static void
run_item(void *with, size_t item, size_t worker)
{
	const struct product *p = with;
	const size_t stride = p->panels * PRODUCT_PANEL, first = item * stride;
	const size_t all = p->tiles[p->format].dwords, left = p->w->rows - first;
	const size_t columns = left < stride ? left : stride;
	struct panel panel[PRODUCT_PANELS];
	const bool is_whole = columns % PRODUCT_PANEL == 0;
	float *c = is_whole ? p->out + first : p->edge[worker];
	const size_t c_stride = is_whole ? p->stride : stride;

	for (size_t slab = 0; slab < all; slab += p->way.slab) {
		const size_t n = all - slab < p->way.slab ? all - slab : p->way.slab;
		size_t i = 0;

		for (; i * PRODUCT_PANEL < columns; i++)
			panel[i] = pack_panel(p->room[worker], i, p->w, p->format, p->way,
			    first + i * PRODUCT_PANEL, slab, n);
		run_panels(p, panel, i, first, slab, n, c, c_stride);
	}
	for (size_t i = 0; !is_whole && i < p->rows; i++)
		memcpy(p->out + i * p->stride + first, c + i * c_stride,
		    columns * sizeof(*c));
}

/* Fewer panels at a time where threads would have none. */
static size_t
panels_at_a_time(const struct product *p)
{
	enum { TURNS = 4 };		/* of each thread */
	const size_t all = (p->w->rows + PRODUCT_PANEL - 1) / PRODUCT_PANEL;
	const size_t most = all / (TURNS * pool_threads(p->pool));

	return most < 1 ? 1 : most < p->way.panels ? most : p->way.panels;
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
	p->panels = panels_at_a_time(p);
	pool_run(p->pool, (w->rows + p->panels * PRODUCT_PANEL - 1)
	    / (p->panels * PRODUCT_PANEL), run_item, p);
}
