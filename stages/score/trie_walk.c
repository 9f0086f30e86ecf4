#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "stages/score/trie_walk.h"

/* A run of ids in the session; its index is that of the session's sequence. */
struct edge {
	int64_t parent;  /* -1: none */
	size_t from, to; /* ids of the text */
	size_t used;     /* tokens in the session up to its end */
};

struct pending {
	uint64_t text;
	int64_t edge; /* the text's last edge; -1: it has no ids */
};

struct walk_state {
	const struct trie_walk *with;
	const struct trie_order *order;
	struct session *session;
	struct buf edges, pending, ids;
	uint64_t began; /* tokens evaluated before */
	uint32_t scratch[SCORE_SCRATCH];
};

/* A subtree. */
struct child {
	size_t low, high;
	uint64_t first; /* row */
};

static struct edge *
edge_at(const struct walk_state *r, int64_t i)
{
	return (struct edge *)(void *)r->edges.data + i;
}

/* Tokens in the session if all edges after this one were dropped. */
static size_t
tokens_used(const struct walk_state *r, int64_t edge)
{
	return edge < 0 ? 0 : edge_at(r, edge)->used;
}

static int64_t
edges(const struct walk_state *r)
{
	return (int64_t)(r->edges.len / sizeof(struct edge));
}

/* Sums a response's log-probabilities from the last to the first: one order, however it is cut
 * into edges. */
static double
sum_of(const struct walk_state *r, const struct pending *p)
{
	size_t n, prompt;
	double sum = 0;

	score_text_len(r->order->rows, p->text, &prompt);
	for (int64_t e = p->edge; e >= 0 && edge_at(r, e)->to > prompt; e = edge_at(r, e)->parent) {
		const struct edge *x = edge_at(r, e);
		const float *score = session_scores(r->session, e, &n);

		for (size_t i = x->to; i > x->from && i > prompt; i--)
			sum += (double)score[i - 1 - x->from];
	}
	return sum;
}

static void
finish_pending(struct walk_state *r)
{
	const struct pending *p = (const void *)r->pending.data;
	size_t rows;
	struct score_row *row = score_rows_all(r->with->rows, &rows);

	for (size_t i = 0; i < r->pending.len / sizeof(*p); i++) {
		struct score_row *to = &row[p[i].text >> 2];
		int side = p[i].text >> 1 & 1;

		to->of[side].sum[p[i].text & 1] = sum_of(r, &p[i]);
		if (--to->left[side] == 0)
			r->with->on_scored(r->with->with, to, (enum score_side)side);
	}
	buf_clear(&r->pending);
}

/* Evaluates all that is queued, and drops the edges after `keep`. */
static int
evaluate_pending(struct walk_state *r, int64_t keep, struct fault *f)
{
	uint64_t all = r->order->cost[r->order->n];
	bool is_more = true;

	while (is_more) {
		is_more = session_step(r->session);
		if (session_check_finite(r->session, f) < 0)
			return -2;
		if (!is_more)
			finish_pending(r);
		if (r->with->on_progress(r->with->with, session_evaluated(r->session) - r->began,
			all, f)
		    < 0)
			return -2;
	}
	session_rewind(r->session, (size_t)(keep + 1));
	r->edges.len = (size_t)(keep + 1) * sizeof(struct edge);
	return 0;
}

/* Queues ids [from, to) of a text; returns the new edge, or -2. */
static int64_t
append_edge(struct walk_state *r, uint64_t text, size_t from, size_t to, bool is_scored,
    int64_t parent, struct fault *f)
{
	struct edge e = { parent, from, to, tokens_used(r, edges(r) - 1) + to - from };
	size_t n;

	buf_clear(&r->ids);
	for (size_t at = from; at < to; at += n) {
		const uint32_t *id = score_text_ids(r->order->rows, text, at, &n, r->scratch, f);

		if (id == NULL)
			return -2;
		n = n < to - at ? n : to - at;
		buf_add(&r->ids, id, n * sizeof(*id));
	}
	if (session_append(r->session, parent, (const uint32_t *)(const void *)r->ids.data,
		to - from, is_scored, f)
	    < 0)
		return -2;
	buf_add(&r->edges, &e, sizeof(e));
	return edges(r) - 1;
}

/* Where the first response of texts [low, high) begins. */
static size_t
first_response_at(const struct trie_order *o, size_t low, size_t high)
{
	size_t prompt, least = SIZE_MAX;

	for (size_t i = low; i < high; i++) {
		score_text_len(o->rows, o->text[i], &prompt);
		least = prompt < least ? prompt : least;
	}
	return least;
}

/* Queues what texts [low, high) share from `depth` to `to`: what is prompt in all of them
 * apart from what is scored. */
static int64_t
append_shared(struct walk_state *r, size_t low, size_t high, size_t depth, size_t to,
    int64_t parent, struct fault *f)
{
	size_t cut = first_response_at(r->order, low, high);
	uint64_t text = r->order->text[low];

	cut = cut < depth ? depth : cut > to ? to : cut;
	if (cut > depth)
		parent = append_edge(r, text, depth, cut, false, parent, f);
	if (parent > -2 && to > cut)
		parent = append_edge(r, text, cut, to, true, parent, f);
	return parent;
}

static int
by_first_row(const void *va, const void *vb)
{
	const struct child *a = va, *b = vb;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return a->low < b->low ? -1 : 1;
}

/* The subtrees of texts [low, high), which share `depth` ids and all have more, in the order
 * of their first rows, so that results come early. */
static struct child *
list_children(const struct trie_order *o, size_t low, size_t high, size_t depth, size_t *n)
{
	struct buf b = { 0 };

	for (size_t i = low; i < high;) {
		struct child c = { i, i, o->text[i] >> 2 };

		do {
			if (o->text[c.high] >> 2 < c.first)
				c.first = o->text[c.high] >> 2;
		} while (++c.high < high && o->lcp[c.high] > depth);
		buf_add(&b, &c, sizeof(c));
		i = c.high;
	}
	*n = b.len / sizeof(struct child);
	if (*n > 1)
		qsort(b.data, *n, sizeof(struct child), by_first_row);
	return (struct child *)(void *)b.data;
}

/* Visits texts [low, high), which share `depth` ids, the last of them in edge `parent`. fits:
 * all of them are known to fit next to what is queued. */
static int
visit(struct walk_state *r, size_t low, size_t high, size_t depth, int64_t parent, bool fits,
    struct fault *f)
{
	const struct trie_order *o = r->order;
	uint64_t cost = fits ? 0 : trie_order_cost(o, low, high, depth);
	int64_t to = trie_order_lcp(o->rows, o->text[low], o->text[high - 1], depth, f);
	struct child *child;
	size_t n, prompt;
	int rc = 0;

	if (to < 0)
		return -2;
	if (!fits && cost > r->with->ctx_size - tokens_used(r, edges(r) - 1)
	    && edges(r) > parent + 1 && evaluate_pending(r, parent, f) < 0)
		return -2;
	fits = fits || cost <= r->with->ctx_size - tokens_used(r, edges(r) - 1);
	if ((parent = append_shared(r, low, high, depth, (size_t)to, parent, f)) < -1)
		return -2;
	for (; low < high && score_text_len(o->rows, o->text[low], &prompt) == (size_t)to; low++) {
		struct pending p = { o->text[low], parent };

		buf_add(&r->pending, &p, sizeof(p));
	}
	child = list_children(o, low, high, (size_t)to, &n);
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = visit(r, child[i].low, child[i].high, (size_t)to, parent, fits, f);
	free(child);
	return rc;
}

int
trie_walk_run(const struct trie_walk *with, const struct trie_order *o, struct fault *f)
{
	struct walk_state r = { .with = with,
		.order = o,
		.session = with->session,
		.began = session_evaluated(with->session) };
	int rc = o->n > 0 ? visit(&r, 0, o->n, 0, -1, false, f) : 0;

	if (rc == 0)
		rc = evaluate_pending(&r, -1, f);
	session_clear(r.session);
	buf_release(&r.edges);
	buf_release(&r.pending);
	buf_release(&r.ids);
	return rc;
}
