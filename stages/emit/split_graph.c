#include "config.h"

#include <stdlib.h>

#include "lib/core/arena.h"
#include "stages/emit/split_graph.h"

/* A community with so many pairs gets its own share of test data; a pair of a user who can have
 * both histories in a test record weighs RICH. */
enum { OWN_SHARE = 100, RICH = 3 };

static const struct split_edge *
edges_of(const struct split_graph *g)
{
	return g->s->edges.data;
}

static int
list_nodes(struct split_graph *g, struct fault *f)
{
	const struct spill_array_limit *l = &g->s->limit;
	const struct split_edge *e = edges_of(g);

	for (size_t i = 0; i < g->s->edges_len; i++) {
		if (!e[i].is_pair)
			continue;
		g->edges_len++;
		for (int k = 0; k < SPLIT_KEYS && e[i].key[k] != 0; k++)
			if (key_list_add(&g->nodes, e[i].key[k], l, f) < 0)
				return -2;
		if (key_list_add(&g->communities, e[i].community, l, f) < 0)
			return -2;
	}
	return key_list_sort(&g->nodes, l, f) < 0 || key_list_sort(&g->communities, l, f) < 0
		|| spill_array_resize(&g->pins, g->edges_len * PARTITION_PINS * sizeof(uint32_t), l,
		       f)
		    < 0
		|| spill_array_resize(&g->groups, g->edges_len * sizeof(uint32_t), l, f) < 0
		|| spill_array_resize(&g->weights, g->edges_len + 1, l, f) < 0
		|| spill_array_resize(&g->sides, g->nodes.len + 1, l, f) < 0
		|| spill_array_resize(&g->fixed, g->nodes.len + 1, l, f) < 0
	    ? -2
	    : 0;
}

/* A thread that a user wrote in: has he an exchange there, or a pair? */
struct visit {
	uint64_t user, thread;
	bool is_pair;
};

static int
by_visit(const void *va, const void *vb)
{
	const struct visit *a = va, *b = vb;

	if (a->user != b->user)
		return a->user < b->user ? -1 : 1;
	if (a->is_pair != b->is_pair)
		return a->is_pair ? 1 : -1;
	return a->thread < b->thread ? -1 : a->thread > b->thread;
}

static int
list_visits(struct split_graph *g, struct spill_array *visits, size_t *n, struct fault *f)
{
	const struct spill_array_limit *l = &g->s->limit;
	const struct split_edge *e = edges_of(g);

	for (size_t i = 0; i < g->s->edges_len; i++) {
		if (!e[i].has_user)
			continue;
		if (spill_array_reserve(visits, *n, sizeof(struct visit), l, f) < 0)
			return -2;
		((struct visit *)visits->data)[(*n)++] = (struct visit){ e[i].key[1], e[i].key[0],
			e[i].is_pair };
	}
	return spill_array_sort(visits, *n, sizeof(struct visit), by_visit, l, f);
}

/* The users who have exchanges and pairs in more than one thread: only they can have both in the
 * history of a test record. */
static int
list_rich_users(struct split_graph *g, struct fault *f)
{
	struct spill_array visits = { 0 };
	size_t n = 0, threads[2] = { 0, 0 };
	int rc = list_visits(g, &visits, &n, f);
	const struct visit *v = visits.data;

	for (size_t i = 0; i < n && rc == 0; i++) {
		const bool is_first = i == 0 || v[i].user != v[i - 1].user;

		if (is_first)
			threads[0] = threads[1] = 0;
		threads[v[i].is_pair] += is_first || v[i].is_pair != v[i - 1].is_pair
		    || v[i].thread != v[i - 1].thread;
		if (i + 1 == n || v[i + 1].user != v[i].user)
			if (threads[0] > 1 && threads[1] > 1)
				rc = key_list_add(&g->rich, v[i].user, &g->s->limit, f);
	}
	spill_array_release(&visits);
	return rc;
}

static void
fill_graph(struct split_graph *g)
{
	const struct split_edge *e = edges_of(g);
	uint32_t *pin = g->pins.data, *group = g->groups.data;
	unsigned char *weight = g->weights.data;
	size_t n = 0;

	for (size_t i = 0; i < g->s->edges_len; i++) {
		if (!e[i].is_pair)
			continue;
		for (int k = 0; k < PARTITION_PINS; k++)
			pin[n * PARTITION_PINS + (size_t)k] = e[i].key[k] == 0
			    ? PARTITION_NO_NODE
			    : (uint32_t)key_list_number(&g->nodes, e[i].key[k]);
		weight[n] = e[i].has_user && key_list_has(&g->rich, e[i].key[1]) ? RICH : 1;
		group[n++] = (uint32_t)key_list_number(&g->communities, e[i].community);
	}
	g->p = (struct partition){ .nodes = g->nodes.len,
		.edges = g->edges_len,
		.pin = pin,
		.group = group,
		.weight = weight,
		.side = g->sides.data,
		.seed = g->s->options.seed };
}
int
split_graph_build(struct split_graph *g, struct fault *f)
{
	if (list_nodes(g, f) < 0 || list_rich_users(g, f) < 0)
		return -2;
	fill_graph(g);
	return 0;
}

void
split_graph_merge_groups(struct split_graph *g)
{
	const uint32_t own = g->p.is_fixed == NULL ? OWN_SHARE : UINT32_MAX;
	uint32_t *size = arena_calloc(g->communities.len + 1, sizeof(*size));
	uint32_t *group = g->groups.data, next = 1;

	for (size_t i = 0; i < g->edges_len; i++)
		size[group[i]]++;
	for (size_t i = 0; i < g->communities.len; i++)
		size[i] = size[i] >= own ? next++ : 0;
	for (size_t i = 0; i < g->edges_len; i++)
		group[i] = size[group[i]];
	g->p.groups = next;
	free(size);
}

void
split_graph_release(struct split_graph *g)
{
	key_list_release(&g->nodes);
	key_list_release(&g->communities);
	key_list_release(&g->rich);
	spill_array_release(&g->pins);
	spill_array_release(&g->groups);
	spill_array_release(&g->weights);
	spill_array_release(&g->sides);
	spill_array_release(&g->fixed);
}
