/* split_decide.c - which threads and users are test data. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "stages/emit/split_graph.h"

enum { TRIES = 10, PRICE = 2, PRICE_MAX = 128 };

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
			memcpy(best->side, g->p.side, g->nodes.len);
		}
		if (!try_another(&g->p, &r, most))
			break;
	}
	memcpy(g->p.side, best->side, g->nodes.len);
	return 0;
}

static int
divide(struct test_split *s, struct split_graph *g, struct fault *f)
{
	const struct split_options *o = &s->options;
	struct best best = { .side = arena_calloc(g->nodes.len + 1, 1) };
	int rc;

	if (o->kind == SPLIT_BY_COMMUNITY || o->kind == SPLIT_BY_TIME)
		split_graph_fix_threads(g, o->kind == SPLIT_BY_COMMUNITY);
	split_graph_merge_groups(g);
	g->p.share = o->share;
	g->p.price = PRICE;
	if (g->p.is_fixed != NULL && memchr(g->p.side, 1, g->nodes.len) == NULL) {
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
	for (size_t i = 0; i < g->nodes.len; i++)
		if (g->p.side[i]
		    && key_list_add(&s->keys, key_list_keys(&g->nodes)[i], &s->limit, f) < 0)
			return -2;
	return 0;
}

/* Threads and users that are in no pair. */
struct followers {
	struct test_split *s;
	const struct split_graph *g;
	struct key_list keys;
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
			if (!key_list_has(&w->g->nodes, e[i].key[k])
			    && key_list_add(&w->keys, e[i].key[k], &w->s->limit, f) < 0)
				return -2;
	if (key_list_sort(&w->keys, &w->s->limit, f) < 0)
		return -2;
	w->votes = arena_calloc(w->keys.len + 1, sizeof(*w->votes));
	return 0;
}

/* What the users of an edge say of its thread, or the thread of its users. */
static int
vote_of(const struct followers *w, const struct split_edge *e)
{
	int from, end, vote = 0;

	keys_of_kind(!w->are_threads, &from, &end);
	for (int k = from; k < end && e->key[k] != 0; k++)
		if (key_list_has(&w->s->keys, e->key[k]))
			vote++;
		else if (!w->are_threads || key_list_has(&w->g->nodes, e->key[k]))
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
			if (key_list_has(&w->keys, e[i].key[k]))
				w->votes[key_list_number(&w->keys, e[i].key[k])] += vote_of(w,
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
	for (size_t i = 0; i < w.keys.len && rc == 0; i++)
		if (w.votes[i] > 0)
			rc = key_list_add(&s->keys, key_list_keys(&w.keys)[i], &s->limit, f);
	free(w.votes);
	key_list_release(&w.keys);
	return rc < 0 ? rc : key_list_sort(&s->keys, &s->limit, f);
}

int
split_decide(struct test_split *s, struct fault *f)
{
	struct split_graph g = { .s = s };
	int rc;

	if (s->options.max_loss < 0)
		s->options.max_loss = split_default_loss(s->options.share);
	rc = split_graph_build(&g, f);
	if (rc == 0)
		rc = divide(s, &g, f);
	if (rc == 0)
		rc = keep_keys(s, &g, f);
	if (rc == 0)
		rc = follow(s, &g, true, f);
	if (rc == 0)
		rc = follow(s, &g, false, f);
	split_graph_release(&g);
	spill_array_release(&s->edges);
	return rc;
}
