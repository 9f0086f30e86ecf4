#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/pack.h"
#include "infer/product.h"
#include "infer/tiles.h"
#include "lib/arena.h"

struct product {
	struct pool *pool;
	enum level level;
	enum precision precision;
	size_t rows_max, columns_max;
	struct pack_room **room;	/* of each worker */
	float **edge;			/* of each worker: sums that are made apart */
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
	case PRECISION_BF16X3: return FORMAT_BF16X3;
	case PRECISION_AUTO: break;
	}
	return t->natural;
}

/* Sums of whole tiles and panels. */
static size_t
edge_len(size_t rows)
{
	return (rows + PRODUCT_TILE_MAX - 1) / PRODUCT_TILE_MAX * PRODUCT_TILE_MAX
	    * PRODUCT_PANELS * PRODUCT_PANEL;
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
		p->edge[i] = arena_lines(edge_len(rows) * sizeof(**p->edge));
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
	/* three floats at most for each number */
	return threads * (pack_room_bytes() + edge_len(rows) * sizeof(float))
	    + (rows + PRODUCT_TILE_MAX) * columns * 12;
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

/* Where a kernel leaves its sums: a worker's own memory, or the result itself. */
struct sums {
	float *c;
	size_t tile, panel, row;	/* floats from one to the next */
	bool is_apart;
};

static struct sums
sums_at(const struct product *p, float *c, size_t stride, bool is_apart)
{
	const size_t both = p->way.rows * PRODUCT_PANEL;

	return p->way.gather != NULL
	    ? (struct sums){ c, p->panels * both, both, PRODUCT_PANEL, is_apart }
	    : (struct sums){ c, p->way.rows * stride, PRODUCT_PANEL, stride, is_apart };
}

static size_t
rows_of_tile(const struct product *p, size_t tile)
{
	const size_t left = p->rows - tile * p->way.rows;

	return left < p->way.rows ? left : p->way.rows;
}

/* Sums of a tile and a panel that were made apart become part of the result. */
static void
put_sums(const struct product *p, const float *c, size_t stride, size_t tile, size_t column)
{
	const size_t left = p->w->rows - column;
	const size_t columns = left < PRODUCT_PANEL ? left : PRODUCT_PANEL;
	const size_t rows = rows_of_tile(p, tile);
	float *to = p->out + tile * p->way.rows * p->stride + column;

	if (p->way.gather != NULL) {
		p->way.gather(c, rows, columns, to, p->stride);
		return;
	}
	for (size_t i = 0; i < rows; i++)
		memcpy(to + i * p->stride, c + i * stride, columns * sizeof(*to));
}

/* Which parts of both sides are multiplied: the smallest products are summed first, and
 * where numbers have one part, there is the last alone. */
static const struct { size_t x, w; } parts[] = {
	{ 2, 0 }, { 0, 2 }, { 1, 1 }, { 1, 0 }, { 0, 1 }, { 0, 0 },
};
enum { PAIRS = sizeof(parts) / sizeof(*parts) };

/* A few panels from the column `first` on, and one slab of them. */
struct slab {
	struct panel panel[PRODUCT_ROOMS];	/* part by part of each */
	size_t panels, first;
	size_t from, dwords;		/* of k */
	bool is_last;
};

/* What will be wanted when a tile is done, after `n` calls of the kernel: a piece of the
 * next one, of which there are PRODUCT_PANELS in a part. */
static const char *
piece_ahead(const struct product *p, const struct slab *s, const struct tile *part, size_t n)
{
	const size_t dwords = p->way.rows * s->dwords;
	const uint32_t *next = part[n / PRODUCT_PANELS % format_parts(p->format)].dword + dwords;

	return (const char *)(next + n % PRODUCT_PANELS * dwords / PRODUCT_PANELS);
}

/* A tile, part by part, times a panel. */
static void
run_tile(const struct product *p, const struct slab *s, const struct tile *part, size_t rows,
    size_t number, float *c, size_t stride)
{
	const size_t n = format_parts(p->format), first = n == 1 ? PAIRS - 1 : 0;

	for (size_t i = first; i < PAIRS; i++) {
		struct tile tile = part[parts[i].x];

		tile.ahead = piece_ahead(p, s, part, number * (PAIRS - first) + i - first);
		p->way.run(&tile, &s->panel[number * n + parts[i].w], s->dwords, c, stride,
		    rows, s->from == 0 && i == first);
	}
}

static void
run_slab(const struct product *p, const struct slab *s, const struct sums *to)
{
	const size_t tiles = tiles_count(&p->tiles[p->format]);

	if (p->way.begin != NULL)
		p->way.begin(&s->panel[0]);
	for (size_t t = 0; t < tiles; t++) {
		const size_t rows = rows_of_tile(p, t);
		struct tile part[FORMAT_PARTS_MAX];

		for (size_t i = 0; i < format_parts(p->format); i++)
			part[i] = tiles_at(&p->tiles[p->format], s->from, t, i);
		for (size_t i = 0; i < s->panels; i++) {
			float *c = to->c + t * to->tile + i * to->panel;

			run_tile(p, s, part, rows, i, c, to->row);
			if (s->is_last && to->is_apart)
				put_sums(p, c, to->row, t, s->first + i * PRODUCT_PANEL);
		}
	}
	if (p->way.end != NULL)
		p->way.end();
}

/* Sums are made apart at the last columns, of which there may be fewer than whole
 * panels, and where a kernel wants them together. */
static void
run_item(void *with, size_t item, size_t worker)
{
	const struct product *p = with;
	const size_t most = p->panels * PRODUCT_PANEL, first = item * most;
	const size_t all = p->tiles[p->format].dwords, left = p->w->rows - first;
	const size_t columns = left < most ? left : most, n = format_parts(p->format);
	const bool is_apart = p->way.gather != NULL || columns % PRODUCT_PANEL != 0;
	const struct sums to = is_apart ? sums_at(p, p->edge[worker], most, true)
	    : sums_at(p, p->out + first, p->stride, false);
	struct slab s = { .panels = (columns + PRODUCT_PANEL - 1) / PRODUCT_PANEL,
		.first = first };

	for (; s.from < all; s.from += p->way.slab) {
		s.is_last = all - s.from <= p->way.slab;
		s.dwords = s.is_last ? all - s.from : p->way.slab;
		for (size_t i = 0; i < s.panels * n; i++)
			s.panel[i] = pack_panel(p->room[worker], i, p->w, p->format, p->way,
			    i % n, first + i / n * PRODUCT_PANEL, s.from, s.dwords);
		run_slab(p, &s, &to);
	}
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
	if (p->rows == 0)
		return;
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
