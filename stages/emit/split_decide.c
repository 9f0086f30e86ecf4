/* split_decide.c - the graph of threads and users, and its division. */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "stages/emit/partition.h"
#include "stages/emit/split.h"

/* A community with so many pairs gets its own share of test data. */
enum { OWN_SHARE = 100, TRIES = 10, RICH = 3, PRICE = 2, PRICE_MAX = 128 };

/* The pairs as a hypergraph whose nodes are threads and users. */
struct split_graph {
	const struct test_split *s;
	struct spill_array nodes, communities; /* of uint64_t: keys, sorted */
	struct spill_array pins, groups, weights, sides, fixed;
	struct spill_array rich; /* of uint64_t: users with both histories, sorted */
	size_t rich_len;
	size_t nodes_len, communities_len, edges_len;
	struct partition p;
};

static const struct split_edge *
edges_of(const struct split_graph *g)
{
	return g->s->edges.data;
}

static int
by_key(const void *va, const void *vb)
{
	const uint64_t a = *(const uint64_t *)va, b = *(const uint64_t *)vb;

	return a < b ? -1 : a > b;
}

static int
sort_unique(struct spill_array *keys, size_t *n, const struct spill_array_limit *l, struct fault *f)
{
	uint64_t *key;
	size_t kept = 0;

	if (spill_array_sort(keys, *n, sizeof(*key), by_key, l, f) < 0)
		return -2;
	key = keys->data;
	for (size_t i = 0; i < *n; i++)
		if (i == 0 || key[i] != key[i - 1])
			key[kept++] = key[i];
	*n = kept;
	return 0;
}

static int
add_key(struct spill_array *keys, size_t *n, uint64_t key, const struct spill_array_limit *l,
    struct fault *f)
{
	if (spill_array_reserve(keys, *n, sizeof(key), l, f) < 0)
		return -2;
	((uint64_t *)keys->data)[(*n)++] = key;
	return 0;
}

/* The number of a key, which is there. */
static uint32_t
number_of(const struct spill_array *keys, size_t n, uint64_t key)
{
	const uint64_t *all = keys->data;
	size_t low = 0;

	while (n > 1) {
		size_t half = n / 2;

		low += all[low + half] <= key ? half : 0;
		n -= half;
	}
	return (uint32_t)low;
}

static bool
has_key(const struct spill_array *keys, size_t n, uint64_t key)
{
	return n > 0 && ((const uint64_t *)keys->data)[number_of(keys, n, key)] == key;
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
			if (add_key(&g->nodes, &g->nodes_len, e[i].key[k], l, f) < 0)
				return -2;
		if (add_key(&g->communities, &g->communities_len, e[i].community, l, f) < 0)
			return -2;
	}
	return sort_unique(&g->nodes, &g->nodes_len, l, f) < 0
		|| sort_unique(&g->communities, &g->communities_len, l, f) < 0
		|| spill_array_resize(&g->pins, g->edges_len * PARTITION_PINS * sizeof(uint32_t), l,
		       f)
		    < 0
		|| spill_array_resize(&g->groups, g->edges_len * sizeof(uint32_t), l, f) < 0
		|| spill_array_resize(&g->weights, g->edges_len + 1, l, f) < 0
		|| spill_array_resize(&g->sides, g->nodes_len + 1, l, f) < 0
		|| spill_array_resize(&g->fixed, g->nodes_len + 1, l, f) < 0
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
				rc = add_key(&g->rich, &g->rich_len, v[i].user, &g->s->limit, f);
	}
	spill_array_release(&visits);
	return rc;
}

/* Small communities share group 0; so do all if their sides are given. */
static void
merge_small_groups(struct split_graph *g)
{
	const uint32_t own = g->p.is_fixed == NULL ? OWN_SHARE : UINT32_MAX;
	uint32_t *size = arena_calloc(g->communities_len + 1, sizeof(*size));
	uint32_t *group = g->groups.data, next = 1;

	for (size_t i = 0; i < g->edges_len; i++)
		size[group[i]]++;
	for (size_t i = 0; i < g->communities_len; i++)
		size[i] = size[i] >= own ? next++ : 0;
	for (size_t i = 0; i < g->edges_len; i++)
		group[i] = size[group[i]];
	g->p.groups = next;
	free(size);
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
			    : number_of(&g->nodes, g->nodes_len, e[i].key[k]);
		weight[n] = e[i].has_user && has_key(&g->rich, g->rich_len, e[i].key[1]) ? RICH : 1;
		group[n++] = number_of(&g->communities, g->communities_len, e[i].community);
	}
	g->p = (struct partition){ .nodes = g->nodes_len,
		.edges = g->edges_len,
		.pin = pin,
		.group = group,
		.weight = weight,
		.side = g->sides.data,
		.seed = g->s->options.seed };
}

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
fix_threads(struct split_graph *g, const unsigned char *side_of_unit, bool is_by_community)
{
	bool *fixed = g->fixed.data;

	for (size_t i = 0; i < g->edges_len; i++) {
		const uint32_t thread = g->p.pin[i * PARTITION_PINS];

		g->p.side[thread] = side_of_unit[is_by_community ? g->p.group[i] : thread];
		fixed[thread] = true;
	}
	g->p.is_fixed = fixed;
}

/* Communities in the order of their hash, or threads by their time, the latest first. */
static void
choose_units(struct split_graph *g, bool is_by_community)
{
	const size_t n = is_by_community ? g->communities_len : g->nodes_len;
	const struct split_edge *e = edges_of(g);
	struct unit *unit = arena_calloc(n + 1, sizeof(*unit));
	unsigned char *side = arena_calloc(n + 1, 1);

	for (size_t i = 0; i < n; i++) {
		const uint64_t key = is_by_community ? ((const uint64_t *)g->communities.data)[i]
						     : 0;

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
	fix_threads(g, side, is_by_community);
	free(unit);
	free(side);
}

/* The best division so far. */
struct best {
	struct partition_result r;
	double share;
	unsigned char *side;
};

/* The next share or price to try; false: there is none.  If too much was lost, the share is
 * less; if there are few test data though more may be lost, these are worth more. */
static bool
try_another(struct partition *p, const struct partition_result *r, double most)
{
	if ((double)r->cut > most) {
		p->share *= 0.95 * most / (double)r->cut;
		return true;
	}
	p->price *= 2;
	return (double)r->second < 0.8 * p->share * (double)p->edges && p->price <= PRICE_MAX
	    && (double)r->cut < 0.8 * most;
}

static int
divide_freely(struct split_graph *g, const struct spill_array_limit *l, double most,
    struct best *best, struct fault *f)
{
	struct partition_result r;

	for (int i = 0; i < TRIES; i++) {
		const double share = g->p.share;

		if (partition_divide(&g->p, l, &r, f) < 0)
			return -2;
		if ((double)r.cut <= most && r.second > best->r.second) {
			best->r = r;
			best->share = share;
			memcpy(best->side, g->p.side, g->nodes_len);
		}
		if (!try_another(&g->p, &r, most))
			break;
	}
	memcpy(g->p.side, best->side, g->nodes_len);
	return 0;
}

static int
divide(struct test_split *s, struct split_graph *g, struct fault *f)
{
	const struct split_options *o = &s->options;
	struct best best = { .side = arena_calloc(g->nodes_len + 1, 1) };
	int rc;

	if (o->kind == SPLIT_BY_COMMUNITY || o->kind == SPLIT_BY_TIME)
		choose_units(g, o->kind == SPLIT_BY_COMMUNITY);
	merge_small_groups(g);
	g->p.share = o->share;
	g->p.price = PRICE;
	if (g->p.is_fixed != NULL && memchr(g->p.side, 1, g->nodes_len) == NULL) {
		rc = 0; /* no community or thread is small enough */
	} else if (g->p.is_fixed != NULL) {
		rc = partition_divide(&g->p, &s->limit, &best.r, f);
		best.share = o->share;
	} else
		rc = divide_freely(g, &s->limit, o->max_loss * (double)g->edges_len, &best, f);
	s->figures = (struct split_figures){ g->edges_len, best.r.second, best.r.cut, best.share };
	free(best.side);
	return rc;
}

static int
keep_keys(struct test_split *s, const struct split_graph *g, struct fault *f)
{
	for (size_t i = 0; i < g->nodes_len; i++)
		if (g->p.side[i]
		    && add_key(&s->keys, &s->keys_len, ((const uint64_t *)g->nodes.data)[i],
			   &s->limit, f)
			< 0)
			return -2;
	return 0;
}

/* Threads and users that are in no pair. */
struct followers {
	struct test_split *s;
	const struct split_graph *g;
	struct spill_array keys;
	size_t len;
	int32_t *votes;   /* of each: test data less training data */
	bool are_threads; /* key 0 of an edge; else the others */
};

/* The keys of an edge that are of one kind: from, up to, but not including. */
static void
keys_of_kind(bool are_threads, int *from, int *end)
{
	*from = are_threads ? 0 : 1;
	*end = are_threads ? 1 : SPLIT_KEYS;
}

static int
list_followers(struct followers *w, struct fault *f)
{
	const struct split_edge *e = w->s->edges.data;
	int from, end;

	keys_of_kind(w->are_threads, &from, &end);
	for (size_t i = 0; i < w->s->edges_len; i++)
		for (int k = from; k < end && e[i].key[k] != 0; k++)
			if (!has_key(&w->g->nodes, w->g->nodes_len, e[i].key[k])
			    && add_key(&w->keys, &w->len, e[i].key[k], &w->s->limit, f) < 0)
				return -2;
	if (sort_unique(&w->keys, &w->len, &w->s->limit, f) < 0)
		return -2;
	w->votes = arena_calloc(w->len + 1, sizeof(*w->votes));
	return 0;
}

/* What the users of an edge say of its thread, or the thread of its users. */
static int
vote_of(const struct followers *w, const struct split_edge *e)
{
	int from, end, vote = 0;

	keys_of_kind(!w->are_threads, &from, &end);
	for (int k = from; k < end && e->key[k] != 0; k++)
		if (has_key(&w->s->keys, w->s->keys_len, e->key[k]))
			vote++;
		else if (!w->are_threads || has_key(&w->g->nodes, w->g->nodes_len, e->key[k]))
			vote--;
	return vote;
}

static void
count_votes(struct followers *w)
{
	const struct split_edge *e = w->s->edges.data;
	int from, end;

	keys_of_kind(w->are_threads, &from, &end);
	for (size_t i = 0; i < w->s->edges_len; i++)
		for (int k = from; k < end && e[i].key[k] != 0; k++)
			if (has_key(&w->keys, w->len, e[i].key[k]))
				w->votes[number_of(&w->keys, w->len, e[i].key[k])] += vote_of(w,
				    &e[i]);
}

/* Threads without pairs go where most users of their exchanges are, users where most of their
 * threads are; in doubt to the training data. */
static int
follow(struct test_split *s, const struct split_graph *g, bool are_threads, struct fault *f)
{
	struct followers w = { .s = s, .g = g, .are_threads = are_threads };
	int rc = list_followers(&w, f);

	if (rc == 0)
		count_votes(&w);
	for (size_t i = 0; i < w.len && rc == 0; i++)
		if (w.votes[i] > 0)
			rc = add_key(&s->keys, &s->keys_len, ((const uint64_t *)w.keys.data)[i],
			    &s->limit, f);
	free(w.votes);
	spill_array_release(&w.keys);
	return rc < 0 ? rc : sort_unique(&s->keys, &s->keys_len, &s->limit, f);
}

int
split_decide(struct test_split *s, struct fault *f)
{
	struct split_graph g = { .s = s };
	int rc;

	if (s->options.max_loss < 0)
		s->options.max_loss = split_default_loss(s->options.share);
	rc = list_nodes(&g, f);
	if (rc == 0)
		rc = list_rich_users(&g, f);
	if (rc == 0) {
		fill_graph(&g);
		rc = divide(s, &g, f);
	}
	if (rc == 0)
		rc = keep_keys(s, &g, f);
	if (rc == 0)
		rc = follow(s, &g, true, f);
	if (rc == 0)
		rc = follow(s, &g, false, f);
	spill_array_release(&g.nodes);
	spill_array_release(&g.communities);
	spill_array_release(&g.pins);
	spill_array_release(&g.groups);
	spill_array_release(&g.weights);
	spill_array_release(&g.rich);
	spill_array_release(&g.sides);
	spill_array_release(&g.fixed);
	spill_array_release(&s->edges);
	return rc;
}
