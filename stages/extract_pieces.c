#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "stages/extract_pieces.h"

/* Bytes of a string.  Short ones are soon found, and many become the same. */
enum { LITERAL_LEAST = 2, CLAUSE_MAX = 8 };

/* A clause that holds more often than this at a place says nothing. */
static const double chance_max = 0.005;

/* About how often a string stands at a place of an English text. */
static double
chance(const struct text *s)
{
	static const double letters[26] = { .065, .012, .022, .033, .1, .018, .016,
		.048, .055, .002, .007, .032, .02, .055, .06, .015, .001, .048, .05,
		.072, .022, .008, .018, .002, .016, .001 };
	double p = 1;

	for (size_t i = 0; i < s->len; i++)
		p *= s->ptr[i] >= 'a' && s->ptr[i] <= 'z'
		    ? letters[s->ptr[i] - 'a'] : s->ptr[i] == ' ' ? .18 : .005;
	return p;
}

static double
set_chance(const struct literals_set *set)
{
	double p = 0;

	for (size_t i = 0; i < set->len; i++)
		p += chance(&set->at[i]);
	return p;
}

/* Are all its strings long enough to be looked for, and rare? */
static bool
is_clause(const struct literals_set *set)
{
	for (size_t i = 0; i < set->len; i++)
		if (set->at[i].len < LITERAL_LEAST)
			return false;
	return set->len > 0 && set->len <= PIECES_UNION
	    && set_chance(set) <= chance_max;
}

static struct literals_set
copy(const struct literals_set *set, struct arena *a)
{
	struct literals_set out = { .len = set->len };

	out.at = arena_get(a, set->len * sizeof(*out.at));
	if (set->len > 0)
		memcpy(out.at, set->at, set->len * sizeof(*out.at));
	return out;
}

static int
by_text(const void *va, const void *vb)
{
	const struct text *a = va, *b = vb;
	int c = memcmp(a->ptr, b->ptr, a->len < b->len ? a->len : b->len);

	return c != 0 ? c : a->len < b->len ? -1 : a->len > b->len;
}

/* Sorts, and drops strings that begin with another of the set: those are
 * asked for by that one. */
static void
thin_out(struct literals_set *set)
{
	size_t kept = 0;

	if (set->len > 1)
		qsort(set->at, set->len, sizeof(*set->at), by_text);
	for (size_t i = 0; i < set->len; i++) {
		const struct text *last = kept > 0 ? &set->at[kept - 1] : NULL;

		if (last == NULL || last->len > set->at[i].len
		    || memcmp(last->ptr, set->at[i].ptr, last->len) != 0)
			set->at[kept++] = set->at[i];
	}
	set->len = kept;
}

/* The rarest part of each string. */
static struct literals_set
cores(const struct literals_set *set, struct arena *a)
{
	struct literals_set out = copy(set, a);

	for (size_t i = 0; i < out.len; i++) {
		struct text *s = &out.at[i], best = *s;

		for (size_t k = 0; k + CLAUSE_MAX <= s->len; k++) {
			struct text part = { s->ptr + k, CLAUSE_MAX };

			if (best.len > CLAUSE_MAX || chance(&part) < chance(&best))
				best = part;
		}
		*s = best;
	}
	thin_out(&out);
	return out;
}

/* Adds a clause, keeping the rarest. */
static void
demand(struct literals *to, const struct literals_set *more, struct arena *a)
{
	struct literals_set set = cores(more, a);

	if (!is_clause(&set))
		return;
	for (size_t i = 0; i < to->len; i++)
		if (set_chance(&set) < set_chance(&to->clause[i])) {
			struct literals_set was = to->clause[i];

			to->clause[i] = set;
			set = was;
		}
	if (to->len < LITERALS_CLAUSES)
		to->clause[to->len++] = set;
}

struct piece
piece_anything(void)
{
	return (struct piece){ .is_exact = false };
}

struct piece
piece_nothing(void)
{
	return (struct piece){ .is_exact = true };
}

struct piece
piece_exactly(const char *s, size_t len, struct arena *a)
{
	struct piece p = { .is_exact = true };

	p.exact.at = arena_get(a, sizeof(*p.exact.at));
	p.exact.at[0] = (struct text){ arena_dup(a, s, len), len };
	p.exact.len = 1;
	return p;
}

/* Every string of x, followed by every one of y. */
static struct literals_set
product(const struct literals_set *x, const struct literals_set *y,
    struct arena *a)
{
	struct literals_set out = { .len = 0 };

	out.at = arena_get(a, x->len * y->len * sizeof(*out.at));
	for (size_t i = 0; i < x->len; i++)
		for (size_t k = 0; k < y->len; k++) {
			size_t len = x->at[i].len + y->at[k].len;
			char *s = arena_get(a, len + 1);

			memcpy(s, x->at[i].ptr, x->at[i].len);
			memcpy(s + x->at[i].len, y->at[k].ptr, y->at[k].len);
			out.at[out.len++] = (struct text){ s, len };
		}
	return out;
}

static struct literals_set
both(const struct literals_set *x, const struct literals_set *y,
    struct arena *a)
{
	struct literals_set out = { .len = x->len + y->len };

	out.at = arena_get(a, (out.len + 1) * sizeof(*out.at));
	if (x->len > 0)
		memcpy(out.at, x->at, x->len * sizeof(*out.at));
	if (y->len > 0)
		memcpy(out.at + x->len, y->at, y->len * sizeof(*out.at));
	return out;
}

struct sequence
sequence_begin(struct arena *a)
{
	return (struct sequence){ .piece = { .is_exact = true },
		.tail = piece_exactly("", 0, a).exact };
}

void
sequence_add(struct sequence *s, const struct piece *p, struct arena *a)
{
	if (p->is_exact && s->tail.len * p->exact.len <= PIECES_STRINGS) {
		s->tail = product(&s->tail, &p->exact, a);
		return;
	}
	s->piece.is_exact = false;
	demand(&s->piece.clauses, &s->tail, a);
	if (p->is_exact) {
		s->tail = p->exact;
		return;
	}
	for (size_t i = 0; i < p->clauses.len; i++)
		demand(&s->piece.clauses, &p->clauses.clause[i], a);
	s->tail = piece_exactly("", 0, a).exact;
}

struct piece
sequence_end(struct sequence *s, struct arena *a)
{
	if (s->piece.is_exact)
		s->piece.exact = s->tail;
	else
		demand(&s->piece.clauses, &s->tail, a);
	return s->piece;
}

/* The one clause of a piece that stands for it among alternatives. */
static struct literals_set
best(const struct piece *p, struct arena *a)
{
	struct literals_set none = { .len = 0 }, set;

	if (!p->is_exact)
		return p->clauses.len > 0 ? p->clauses.clause[0] : none;
	set = cores(&p->exact, a);
	return is_clause(&set) ? set : none;
}

struct piece
piece_either(const struct piece *a, const struct piece *b, struct arena *arena)
{
	struct piece out = { .is_exact = a->is_exact && b->is_exact
		&& a->exact.len + b->exact.len <= PIECES_UNION };
	struct literals_set x, y;

	if (out.is_exact) {
		out.exact = both(&a->exact, &b->exact, arena);
		return out;
	}
	x = best(a, arena);
	y = best(b, arena);
	if (x.len > 0 && y.len > 0) {
		x = both(&x, &y, arena);
		demand(&out.clauses, &x, arena);
	}
	return out;
}

struct piece
piece_repeated(const struct piece *p, unsigned low, unsigned high,
    struct arena *a)
{
	struct piece none = piece_exactly("", 0, a), some = piece_anything();

	if (low == 1 && high == 1)
		return *p;
	if (low == 0)
		return high == 1 && p->is_exact && p->exact.len < PIECES_STRINGS
		    ? piece_either(&none, p, a) : some;
	if (!p->is_exact)
		return *p;
	demand(&some.clauses, &p->exact, a);
	return some;
}

struct literals
piece_literals(const struct piece *p, struct arena *a)
{
	struct literals out = p->clauses;

	if (p->is_exact)
		demand(&out, &p->exact, a);
	return out;
}
