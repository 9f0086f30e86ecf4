#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/matmul/matmul_internal.h"
#include "lib/core/arena.h"

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
		tiles_release(&p->side[i].tiles);
	tiles_release(&p->next);
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
		p->side[i].is_packed = false;
}

/* Tiles for so many columns of all rows; memory is taken where there is none. */
static void
size_tiles(const struct product *p, struct tiles *t, const struct job *j, size_t columns)
{
	if (t->dword == NULL)
		tiles_init(t, j->format, j->way, p->rows_max, p->columns_max);
	t->rows = p->rows;
	t->columns = columns;
	t->dwords = product_dwords(&j->way, columns);
}

static void
pack_tile(void *with, size_t tile, size_t worker)
{
	const struct product *p = with;

	(void)worker;
	tiles_pack(&p->side[p->packed].tiles, p->x, p->x_stride, tile);
}

static void
pack_x(struct product *p, const struct job *j)
{
	struct side *s = &p->side[j->format];

	if (s->is_packed)
		return;
	size_tiles(p, &s->tiles, j, p->columns);
	p->packed = j->format;
	pool_run(p->pool, tiles_count(&s->tiles), pack_tile, p);
	s->is_packed = true;
}

static struct job
job_of(const struct product *p, const struct product_matrix *m)
{
	const enum format format = product_format(p->precision, m->w->type);

	return (struct job){ .m = *m, .format = format,
		.way = product_way(format, p->level) };
}

/* The jobs in hand. */
static void
run_jobs(struct product *p, size_t n)
{
	enum { TURNS = 4 };		/* of each thread, or items are smaller */
	size_t items = 0, panels = 0;

	for (size_t i = 0; i < n; i++)
		panels += product_panels(p->job[i].m.w);
	for (size_t i = 0; i < n; i++) {
		struct job *j = &p->job[i];
		const size_t few = panels / (TURNS * pool_threads(p->pool));
		const size_t many = j->way.panels / job_sides(j);

		j->most = few < many ? few : many;
		j->most = j->most > 0 ? j->most : 1;
		j->items = (product_panels(j->m.w) + j->most - 1) / j->most;
		items += j->items;
		pack_x(p, j);
	}
	pool_run(p->pool, items, product_item, p);
}

void
product_run_all(struct product *p, const struct product_matrix *m, size_t n)
{
	if (p->rows == 0)
		return;
	for (size_t i = 0; i < n; i++)
		p->job[i] = job_of(p, &m[i]);
	run_jobs(p, n);
}

void
product_run(struct product *p, const struct weight *w, float *out, size_t stride)
{
	product_run_all(p, &(struct product_matrix){ w, out, stride }, 1);
}

/* Tiles that were filled take the place of those that were multiplied. */
static void
swap(struct product *p, struct side *s)
{
	const struct tiles t = s->tiles;

	s->tiles = p->next;
	p->next = t;
	s->is_packed = true;
}

void
product_run_joined(struct product *p, const struct product_join *join)
{
	const struct product_matrix *m = &join->up;
	struct job *j = &p->job[0];

	if (p->rows == 0)
		return;
	*j = job_of(p, m);
	j->join = join;
	if (job_is_carried(j))
		size_tiles(p, &p->next, j, m->w->rows);
	run_jobs(p, 1);
	product_set_strided(p, m->out, p->rows, m->w->rows, m->stride);
	if (job_is_carried(j))
		swap(p, &p->side[j->format]);
}
