/* split_units.c - test data of whole communities, or of the latest threads. */

#include "config.h"

#include <stdlib.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "stages/emit/split_graph.h"

/* What is test data as a whole: a community or a thread. */
struct unit {
	uint64_t order;
	uint32_t number, pairs;
};

static int
by_order(const void *va, const void *vb)
{
	const struct unit *a = va, *b = vb;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

/* Takes units in their order if they bring the test data nearer to their share; is_run: only the
 * first ones. */
static void
take_units(struct unit *unit, size_t n, double share, size_t pairs, bool is_run)
{
	const double wanted = share * (double)pairs;
	double has = 0;
	bool is_over = false;

	qsort(unit, n, sizeof(*unit), by_order);
	for (size_t i = 0; i < n; i++) {
		const bool is_taken = !is_over && has + unit[i].pairs / 2.0 < wanted;

		has += is_taken ? unit[i].pairs : 0;
		unit[i].order = is_taken;
		is_over = is_over || (is_run && !is_taken);
	}
}

/* The side of each thread is that of its unit; those of users are free. */
static void
fix_sides(struct split_graph *g, const unsigned char *side_of_unit, bool is_by_community)
{
	bool *fixed = g->fixed.data;

	for (size_t i = 0; i < g->edges_len; i++) {
		const uint32_t thread = g->p.pin[i * PARTITION_PINS];

		g->p.side[thread] = side_of_unit[is_by_community ? g->p.group[i] : thread];
		fixed[thread] = true;
	}
	g->p.is_fixed = fixed;
}

void
split_graph_fix_threads(struct split_graph *g, bool is_by_community)
{
	const size_t n = is_by_community ? g->communities.len : g->nodes.len;
	const struct split_edge *e = (const struct split_edge *)g->s->edges.data;
	struct unit *unit = arena_calloc(n + 1, sizeof(*unit));
	unsigned char *side = arena_calloc(n + 1, 1);

	for (size_t i = 0; i < n; i++) {
		const uint64_t key = is_by_community ? key_list_keys(&g->communities)[i] : 0;

		unit[i] = (struct unit){ is_by_community
			    ? XXH3_64bits_withSeed(&key, sizeof(key), g->s->options.seed)
			    : 0,
			(uint32_t)i, 0 };
	}
	for (size_t i = 0, k = 0; i < g->s->edges_len; i++) {
		struct unit *u;
		uint64_t late;

		if (!e[i].is_pair)
			continue;
		u = &unit[is_by_community ? g->p.group[k] : g->p.pin[k * PARTITION_PINS]];
		k++;
		u->pairs++;
		/* the sign bit is flipped for order */
		late = ~((uint64_t)e[i].created ^ (uint64_t)1 << 63);
		if (!is_by_community && late > u->order)
			u->order = late;
	}
	take_units(unit, n, g->s->options.share, g->edges_len, !is_by_community);
	for (size_t i = 0; i < n; i++)
		side[unit[i].number] = (unsigned char)unit[i].order;
	fix_sides(g, side, is_by_community);
	free(unit);
	free(side);
}
