#include "config.h"

#include <stdbool.h>
#include <stdint.h>

#include "infer/tokenizer/bpe_merge.h"

/* Two neighbours that could be merged when they were put on the heap. */
struct bpe_pair {
	double rank;
	uint32_t left, right, id;
	size_t len; /* of both; it differs if one was merged since */
};

static struct bpe_symbol *
symbol(const struct bpe_merge *m, uint32_t i)
{
	return (struct bpe_symbol *)(void *)m->symbols.data + i;
}

static struct bpe_pair *
pair_at(const struct bpe_merge *m, size_t i)
{
	return (struct bpe_pair *)(void *)m->heap.data + i;
}

static size_t
count_pairs(const struct bpe_merge *m)
{
	return m->heap.len / sizeof(struct bpe_pair);
}

static size_t
count_symbols(const struct bpe_merge *m)
{
	return m->symbols.len / sizeof(struct bpe_symbol);
}

void
bpe_merge_begin(struct bpe_merge *m)
{
	buf_clear(&m->symbols);
	buf_clear(&m->heap);
}

void
bpe_merge_add(struct bpe_merge *m, size_t at, size_t len, uint32_t id)
{
	uint32_t n = (uint32_t)count_symbols(m);
	struct bpe_symbol p = { at, len, id, n > 0 ? n - 1 : BPE_MERGE_END, BPE_MERGE_END };

	if (n > 0)
		symbol(m, n - 1)->next = n;
	buf_add(&m->symbols, &p, sizeof(p));
}

static bool
is_before(const struct bpe_pair *a, const struct bpe_pair *b)
{
	return a->rank < b->rank || (a->rank <= b->rank && a->left < b->left);
}

static void
heap_push(struct bpe_merge *m, const struct bpe_pair *p)
{
	size_t i = count_pairs(m);

	buf_add(&m->heap, p, sizeof(*p));
	for (; i > 0 && is_before(p, pair_at(m, (i - 1) / 2)); i = (i - 1) / 2)
		*pair_at(m, i) = *pair_at(m, (i - 1) / 2);
	*pair_at(m, i) = *p;
}

static struct bpe_pair
heap_pop(struct bpe_merge *m)
{
	struct bpe_pair top = *pair_at(m, 0), last;
	size_t n, i = 0, child;

	m->heap.len -= sizeof(last);
	n = count_pairs(m);
	last = *pair_at(m, n);
	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n && is_before(pair_at(m, child + 1), pair_at(m, child)))
			child++;
		if (!is_before(pair_at(m, child), &last))
			break;
		*pair_at(m, i) = *pair_at(m, child);
		i = child;
	}
	if (n > 0)
		*pair_at(m, i) = last;
	return top;
}

static void
push_pair(struct bpe_merge *m, uint32_t left, uint32_t right, bpe_merge_fn *fn, void *with)
{
	struct bpe_pair p = { .left = left, .right = right };

	if (left == BPE_MERGE_END || right == BPE_MERGE_END)
		return;
	p.len = symbol(m, left)->len + symbol(m, right)->len;
	if (fn(with, symbol(m, left), symbol(m, right), &p.rank, &p.id))
		heap_push(m, &p);
}

/* Has neither been merged since the pair was put on the heap? */
static bool
is_current(const struct bpe_merge *m, const struct bpe_pair *p)
{
	const struct bpe_symbol *left = symbol(m, p->left), *right = symbol(m, p->right);

	return left->len > 0 && right->len > 0 && left->next == p->right
	    && left->len + right->len == p->len;
}

void
bpe_merge_run(struct bpe_merge *m, bpe_merge_fn *fn, void *with)
{
	for (uint32_t i = 1; i < count_symbols(m); i++)
		push_pair(m, i - 1, i, fn, with);
	while (count_pairs(m) > 0) {
		struct bpe_pair p = heap_pop(m);
		struct bpe_symbol *left, *right;

		if (!is_current(m, &p))
			continue;
		left = symbol(m, p.left);
		right = symbol(m, p.right);
		left->len += right->len;
		left->id = p.id;
		left->next = right->next;
		right->len = 0;
		if (left->next != BPE_MERGE_END)
			symbol(m, left->next)->prev = p.left;
		push_pair(m, left->prev, p.left, fn, with);
		push_pair(m, p.left, left->next, fn, with);
	}
}

const struct bpe_symbol *
bpe_merge_first(const struct bpe_merge *m)
{
	return count_symbols(m) > 0 ? symbol(m, 0) : NULL;
}

const struct bpe_symbol *
bpe_merge_next(const struct bpe_merge *m, const struct bpe_symbol *s)
{
	return s->next != BPE_MERGE_END ? symbol(m, s->next) : NULL;
}

void
bpe_merge_release(struct bpe_merge *m)
{
	buf_release(&m->symbols);
	buf_release(&m->heap);
}
