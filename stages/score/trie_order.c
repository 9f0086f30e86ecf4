#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "stages/score/trie_order.h"

/* Argument of the comparison. */
struct sorting {
	const struct score_rows *rows;
	struct fault *fault;
	bool has_failed;
};

int64_t
trie_order_lcp(const struct score_rows *rows, uint64_t a, uint64_t b, size_t from, struct fault *f)
{
	uint32_t scratch[2][SCORE_SCRATCH];
	size_t prompt, x = score_text_len(rows, a, &prompt);
	size_t y = score_text_len(rows, b, &prompt), len = x < y ? x : y;

	while (from < len) {
		size_t n, m;
		const uint32_t *p = score_text_ids(rows, a, from, &n, scratch[0], f);
		const uint32_t *q = score_text_ids(rows, b, from, &m, scratch[1], f);

		if (p == NULL || q == NULL)
			return -2;
		for (n = n < m ? n : m; n > 0; n--, from++)
			if (*p++ != *q++)
				return (int64_t)from;
	}
	return (int64_t)len;
}

/* Any order will do that keeps common prefixes together: the first different ids are compared
 * as numbers. */
static int
by_ids(const void *va, const void *vb, void *with)
{
	const uint64_t *a = va, *b = vb;
	struct sorting *s = with;
	uint32_t scratch[2][SCORE_SCRATCH];
	size_t prompt, n, x = score_text_len(s->rows, *a, &prompt);
	size_t y = score_text_len(s->rows, *b, &prompt);
	int64_t at = trie_order_lcp(s->rows, *a, *b, 0, s->fault);
	const uint32_t *p, *q;

	if (at >= 0 && (size_t)at < x && (size_t)at < y) {
		p = score_text_ids(s->rows, *a, (size_t)at, &n, scratch[0], s->fault);
		q = score_text_ids(s->rows, *b, (size_t)at, &n, scratch[1], s->fault);
		if (p != NULL && q != NULL)
			return *p < *q ? -1 : 1;
		at = -2;
	}
	if (at < 0)
		s->has_failed = true;
	else if (x != y)
		return x < y ? -1 : 1;
	return *a < *b ? -1 : *a > *b;
}

/* Lists the texts to be scored. */
static void
list_texts(struct trie_order *o, unsigned sides, size_t above, size_t most)
{
	size_t rows, prompt;
	const struct score_row *row = score_rows_all(o->rows, &rows);

	for (size_t i = 0; i < rows; i++)
		for (int side = 0; side < SCORE_SIDES; side++)
			for (int k = 0; k < 2 && row[i].left[side] > 0 && (sides >> side & 1) == 1;
			     k++) {
				const uint64_t text = score_text_id(i, (enum score_side)side, k);
				const size_t len = score_text_len(o->rows, text, &prompt);

				if (len > above && len <= most)
					o->text[o->n++] = text;
			}
}

int
trie_order_make(struct trie_order *o, const struct score_rows *rows, unsigned sides, size_t above,
    size_t most, struct fault *f)
{
	struct sorting s = { rows, f, false };
	size_t n, prompt;

	score_rows_all(rows, &n);
	*o = (struct trie_order){ .rows = rows };
	o->text = arena_calloc(2 * SCORE_SIDES * n, sizeof(*o->text));
	list_texts(o, sides, above, most);
	o->lcp = arena_calloc(o->n, sizeof(*o->lcp));
	o->cost = arena_calloc(o->n + 1, sizeof(*o->cost));
	if (o->n > 1)
		qsort_r(o->text, o->n, sizeof(*o->text), by_ids, &s);
	for (size_t i = 0; i < o->n && !s.has_failed; i++) {
		int64_t lcp = i == 0 ? 0 : trie_order_lcp(rows, o->text[i - 1], o->text[i], 0, f);

		s.has_failed = lcp < 0;
		o->lcp[i] = (uint32_t)lcp;
		o->cost[i + 1] = o->cost[i] + score_text_len(rows, o->text[i], &prompt) - o->lcp[i];
	}
	return s.has_failed ? -2 : 0;
}

uint64_t
trie_order_cost(const struct trie_order *o, size_t low, size_t high, size_t depth)
{
	return o->cost[high] - o->cost[low] + o->lcp[low] - depth;
}

void
trie_order_release(struct trie_order *o)
{
	free(o->text);
	free(o->lcp);
	free(o->cost);
	*o = (struct trie_order){ 0 };
}
