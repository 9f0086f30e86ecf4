/* product_item.c - a few panels of a matrix, or of two, times all tiles. */

#include "config.h"

#include <string.h>

#include "infer/matmul/matmul_internal.h"

/* Where a kernel leaves its sums: a worker's own memory, or the result itself. */
struct sums {
	float *c;
	size_t tile, panel, row;	/* floats from one to the next */
	bool is_apart;
};

static struct sums
sums_at(const struct job *j, float *c, size_t stride, bool is_apart)
{
	const size_t both = j->way.rows * PRODUCT_PANEL;

	return j->way.gather != NULL
	    ? (struct sums){ c, job_sides(j) * j->most * both, both, PRODUCT_PANEL, is_apart }
	    : (struct sums){ c, j->way.rows * stride, PRODUCT_PANEL, stride, is_apart };
}

static size_t
rows_of_tile(const struct product *p, const struct job *j, size_t tile)
{
	const size_t left = p->rows - tile * j->way.rows;

	return left < j->way.rows ? left : j->way.rows;
}

/* The panels of an item, side by side, and one slab of them. */
struct slab {
	struct panel panel[PRODUCT_PANELS];
	size_t panels, first, columns;		/* of a side */
	size_t from, dwords;			/* of k */
	bool is_last;
};

/* What will be wanted when a tile is done: of the next one, one piece for each panel. */
static const char *
piece_ahead(const struct job *j, const struct slab *s, const struct tile *tile, size_t panel)
{
	const size_t dwords = j->way.rows * s->dwords;

	return (const char *)(tile->dword + dwords + panel * dwords / PRODUCT_PANELS);
}

/* Sums of the gate and of the other matrix become one. */
static void
join_sums(const struct job *j, const struct slab *s, const struct sums *to, size_t rows,
    float *c)
{
	const struct product_join *with = j->join;
	float *gate = c + s->panels * to->panel;

	if (j->way.gather != NULL)
		with->join(with->with, gate, c, s->panels * to->panel);
	else
		for (size_t i = 0; i < rows; i++)
			with->join(with->with, gate + i * to->row, c + i * to->row, s->columns);
}

/* Sums of a tile and a panel become part of the result. */
static void
put_sums(const struct job *j, const float *c, size_t stride, size_t rows, size_t columns,
    float *to)
{
	if (j->way.gather != NULL) {
		j->way.gather(c, rows, columns, to, j->m.stride);
		return;
	}
	for (size_t i = 0; i < rows; i++)
		memcpy(to + i * j->m.stride, c + i * stride, columns * sizeof(*to));
}

/* What was summed apart goes where it belongs. */
static void
end_tile(const struct product *p, const struct job *j, const struct slab *s,
    const struct sums *to, size_t tile)
{
	const size_t rows = rows_of_tile(p, j, tile);
	float *c = to->c + tile * to->tile;

	if (j->join != NULL)
		join_sums(j, s, to, rows, c);
	for (size_t at = 0; at < s->columns; at += PRODUCT_PANEL, c += to->panel) {
		const size_t left = s->columns - at, column = s->first + at;

		if (job_is_carried(j))
			tiles_carry(&p->next, tile, column, c);
		else
			put_sums(j, c, to->row, rows, left < PRODUCT_PANEL ? left : PRODUCT_PANEL,
			    j->m.out + tile * j->way.rows * j->m.stride + column);
	}
}

static void
run_slab(const struct product *p, const struct job *j, const struct slab *s,
    const struct sums *to)
{
	const struct tiles *all = &p->side[j->format].tiles;

	if (j->way.begin != NULL)
		j->way.begin(&s->panel[0]);
	for (size_t t = 0; t < tiles_count(all); t++) {
		struct tile tile;

		tiles_at(all, s->from, t, &tile);
		for (size_t i = 0; i < job_sides(j) * s->panels; i++) {
			tile.ahead = piece_ahead(j, s, &tile, i);
			j->way.run(&tile, &s->panel[i], s->dwords, to->c + t * to->tile
			    + i * to->panel, to->row, rows_of_tile(p, j, t), s->from == 0);
		}
		if (s->is_last && to->is_apart)
			end_tile(p, j, s, to, t);
	}
	if (j->way.end != NULL)
		j->way.end();
}

/* One slab of all panels of an item. */
static void
unpack(const struct job *j, struct pack_room *room, struct slab *s)
{
	for (size_t i = 0; i < job_sides(j) * s->panels; i++) {
		const struct weight *w = i < s->panels ? j->m.w : j->join->gate;

		s->panel[i] = pack_panel(room, i, w, j->format, j->way,
		    s->first + i % s->panels * PRODUCT_PANEL, s->from, s->dwords);
	}
}

/* Sums are made apart at the last columns, of which there may be fewer than whole
 * panels, where a kernel wants them together, and where two sides are joined. */
static void
run_panels(const struct product *p, const struct job *j, size_t panel, size_t panels,
    size_t worker)
{
	const size_t first = panel * PRODUCT_PANEL, left = j->m.w->rows - first;
	const size_t all = p->side[j->format].tiles.dwords;
	struct slab s = { .panels = panels, .first = first,
		.columns = left < panels * PRODUCT_PANEL ? left : panels * PRODUCT_PANEL };
	const bool is_apart = j->way.gather != NULL || j->join != NULL
	    || s.columns % PRODUCT_PANEL != 0;
	const struct sums to = is_apart
	    ? sums_at(j, p->edge[worker], job_sides(j) * panels * PRODUCT_PANEL, true)
	    : sums_at(j, j->m.out + first, j->m.stride, false);

	for (; s.from < all; s.from += j->way.slab) {
		s.is_last = all - s.from <= j->way.slab;
		s.dwords = s.is_last ? all - s.from : j->way.slab;
		unpack(j, p->room[worker], &s);
		run_slab(p, j, &s, &to);
	}
}

void
product_item(void *product, size_t item, size_t worker)
{
	const struct product *p = product;
	const struct job *j = p->job;
	size_t panel, left;

	for (; item >= j->items; j++)
		item -= j->items;
	panel = item * j->most;
	left = product_panels(j->m.w) - panel;
	run_panels(p, j, panel, left < j->most ? left : j->most, worker);
}
