#include "config.h"

#include <stdbool.h>
#include <stdint.h>

#include "infer/tokenizer/bpe_merge.h"

/* A pair that could be joined when it was put on the heap. */
struct pair {
	double rank;
	uint32_t left, right, id;
	size_t len;			/* of both; another: one of them was joined */
};

static struct merge_piece *
piece(const struct merge *m, uint32_t i)
{
	return (struct merge_piece *)(void *)m->pieces.data + i;
}

static struct pair *
pair(const struct merge *m, size_t i)
{
	return (struct pair *)(void *)m->heap.data + i;
}

static size_t
pairs(const struct merge *m)
{
	return m->heap.len / sizeof(struct pair);
}

size_t
merge_pieces(const struct merge *m)
{
	return m->pieces.len / sizeof(struct merge_piece);
}

void
merge_begin(struct merge *m)
{
	buf_clear(&m->pieces);
	buf_clear(&m->heap);
}

void
merge_add(struct merge *m, size_t at, size_t len, uint32_t id)
{
	uint32_t n = (uint32_t)merge_pieces(m);
	struct merge_piece p = { at, len, id, n > 0 ? n - 1 : MERGE_END, MERGE_END };

	if (n > 0)
		piece(m, n - 1)->behind = n;
	buf_add(&m->pieces, &p, sizeof(p));
}

static bool
is_sooner(const struct pair *a, const struct pair *b)
{
	return a->rank < b->rank || (a->rank <= b->rank && a->left < b->left);
}

static void
push(struct merge *m, const struct pair *p)
{
	size_t i = pairs(m);

	buf_add(&m->heap, p, sizeof(*p));
	for (; i > 0 && is_sooner(p, pair(m, (i - 1) / 2)); i = (i - 1) / 2)
		*pair(m, i) = *pair(m, (i - 1) / 2);
	*pair(m, i) = *p;
}

static struct pair
pop(struct merge *m)
{
	struct pair top = *pair(m, 0), last;
	size_t n, i = 0, child;

	m->heap.len -= sizeof(last);
	n = pairs(m);
	last = *pair(m, n);
	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n && is_sooner(pair(m, child + 1), pair(m, child)))
			child++;
		if (!is_sooner(pair(m, child), &last))
			break;
		*pair(m, i) = *pair(m, child);
		i = child;
	}
	if (n > 0)
		*pair(m, i) = last;
	return top;
}

static void
consider(struct merge *m, uint32_t left, uint32_t right, merge_fn *fn, void *with)
{
	struct pair p = { .left = left, .right = right };

	if (left == MERGE_END || right == MERGE_END)
		return;
	p.len = piece(m, left)->len + piece(m, right)->len;
	if (fn(with, piece(m, left), piece(m, right), &p.rank, &p.id))
		push(m, &p);
}

/* Joined pieces have no length, and are passed over. */
static bool
is_still_there(const struct merge *m, const struct pair *p)
{
	const struct merge_piece *left = piece(m, p->left), *right = piece(m, p->right);

	return left->len > 0 && right->len > 0 && left->behind == p->right
	    && left->len + right->len == p->len;
}

void
merge_run(struct merge *m, merge_fn *fn, void *with)
{
	for (uint32_t i = 1; i < merge_pieces(m); i++)
		consider(m, i - 1, i, fn, with);
	while (pairs(m) > 0) {
		struct pair p = pop(m);
		struct merge_piece *left, *right;

		if (!is_still_there(m, &p))
			continue;
		left = piece(m, p.left);
		right = piece(m, p.right);
		left->len += right->len;
		left->id = p.id;
		left->behind = right->behind;
		right->len = 0;
		if (left->behind != MERGE_END)
			piece(m, left->behind)->before = p.left;
		consider(m, left->before, p.left, fn, with);
		consider(m, p.left, left->behind, fn, with);
	}
}

const struct merge_piece *
merge_first(const struct merge *m)
{
	return merge_pieces(m) > 0 ? piece(m, 0) : NULL;
}

const struct merge_piece *
merge_next(const struct merge *m, const struct merge_piece *p)
{
	return p->behind != MERGE_END ? piece(m, p->behind) : NULL;
}

void
merge_release(struct merge *m)
{
	buf_release(&m->pieces);
	buf_release(&m->heap);
}
