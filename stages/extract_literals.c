/* extract_literals.c - a reader of the patterns that rules are written in.
 *
 * A piece of a pattern matches either one of a few known strings (it is exact)
 * or texts of which only clauses are known: sets of strings of which one must
 * be there.  Pieces are joined from left to right; a set of strings that grows
 * too large becomes a clause, and a new one is begun. */

#include "config.h"

#include <string.h>

#include "stages/extract_literals.h"

enum { STRINGS_MAX = 48, UNION_MAX = 256, DEPTH_MAX = 50, LITERAL_MAX = 24,
	CLASS_MAX = 10 };

struct piece {
	bool is_exact;
	struct literals_set exact;
	struct literals clauses;	/* best first, if it is not exact */
};

struct reading {
	const char *at, *stop;
	struct arena *arena;
	int depth;
	bool is_lost;			/* something here is not understood */
};

static struct piece read_alternatives(struct reading *r);

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

static bool
is_useful(const struct literals_set *set)
{
	for (size_t i = 0; i < set->len; i++)
		if (set->at[i].len < LITERALS_LEAST)
			return false;
	return set->len > 0 && set->len <= UNION_MAX;
}

/* Adds a clause, keeping the rarest. */
static void
demand(struct literals *to, struct literals_set set)
{
	if (!is_useful(&set))
		return;
	for (size_t i = 0; i < set.len; i++)
		if (set.at[i].len > LITERAL_MAX)
			set.at[i].len = LITERAL_MAX;
	for (size_t i = 0; i < to->len; i++)
		if (set_chance(&set) < set_chance(&to->clause[i])) {
			struct literals_set was = to->clause[i];

			to->clause[i] = set;
			set = was;
		}
	if (to->len < LITERALS_CLAUSES)
		to->clause[to->len++] = set;
}

static struct piece
anything(void)
{
	return (struct piece){ .is_exact = false };
}

static struct piece
exactly(struct reading *r, const char *s, size_t len)
{
	struct piece p = { .is_exact = true };

	p.exact.at = arena_get(r->arena, sizeof(*p.exact.at));
	p.exact.at[0] = (struct text){ arena_dup(r->arena, s, len), len };
	p.exact.len = 1;
	return p;
}

/* Every string of a, followed by every one of b. */
static struct literals_set
product(struct reading *r, const struct literals_set *a,
    const struct literals_set *b)
{
	struct literals_set out = { .len = 0 };

	out.at = arena_get(r->arena, a->len * b->len * sizeof(*out.at));
	for (size_t i = 0; i < a->len; i++)
		for (size_t k = 0; k < b->len; k++) {
			size_t len = a->at[i].len + b->at[k].len;
			char *s = arena_get(r->arena, len + 1);

			memcpy(s, a->at[i].ptr, a->at[i].len);
			memcpy(s + a->at[i].len, b->at[k].ptr, b->at[k].len);
			out.at[out.len++] = (struct text){ s, len };
		}
	return out;
}

static struct literals_set
both(struct reading *r, const struct literals_set *a,
    const struct literals_set *b)
{
	struct literals_set out = { .len = a->len + b->len };

	out.at = arena_get(r->arena, (out.len + 1) * sizeof(*out.at));
	if (a->len > 0)
		memcpy(out.at, a->at, a->len * sizeof(*out.at));
	if (b->len > 0)
		memcpy(out.at + a->len, b->at, b->len * sizeof(*out.at));
	return out;
}

/* a followed by b. */
static struct piece
join(struct reading *r, struct piece a, const struct piece *b,
    struct literals_set *tail)
{
	if (b->is_exact && tail->len * b->exact.len <= STRINGS_MAX) {
		*tail = product(r, tail, &b->exact);
		return a;
	}
	a.is_exact = false;
	demand(&a.clauses, *tail);
	if (b->is_exact) {
		*tail = b->exact;
		return a;
	}
	for (size_t i = 0; i < b->clauses.len; i++)
		demand(&a.clauses, b->clauses.clause[i]);
	*tail = exactly(r, "", 0).exact;
	return a;
}

/* The one clause of a piece that stands for it among alternatives. */
static struct literals_set
best(const struct piece *p)
{
	if (p->is_exact)
		return is_useful(&p->exact) ? p->exact
		    : (struct literals_set){ .len = 0 };
	return p->clauses.len > 0 ? p->clauses.clause[0]
	    : (struct literals_set){ .len = 0 };
}

/* a or b. */
static struct piece
either(struct reading *r, const struct piece *a, const struct piece *b)
{
	struct literals_set x = best(a), y = best(b);
	struct piece p = { .is_exact = a->is_exact && b->is_exact
		&& a->exact.len + b->exact.len <= UNION_MAX };

	if (p.is_exact)
		p.exact = both(r, &a->exact, &b->exact);
	else if (x.len > 0 && y.len > 0)
		demand(&p.clauses, both(r, &x, &y));
	return p;
}

static struct piece
read_escape(struct reading *r)
{
	char c = *r->at++;

	if (c != '\0' && strchr("bBAzZ", c) != NULL)
		return exactly(r, "", 0);
	if (c != '\0' && strchr("dDwWsSrtnfvhHNR", c) != NULL)
		return anything();
	if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
	    || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80) {
		r->is_lost = true;	/* references, \Q, \K, \x, \p ... */
		return anything();
	}
	return exactly(r, &c, 1);
}

static char
small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Is it the typographic apostrophe?  Texts are seen without it, so it matches
 * none. */
static bool
is_typographic(const struct reading *r, char c)
{
	return r->stop - r->at >= 2 && (unsigned char)c == 0xe2
	    && memcmp(r->at, "\x80\x99", 2) == 0;
}

/* Behind '['.  Only a few plain characters make it exact. */
static struct piece
read_class(struct reading *r)
{
	struct piece p = { .is_exact = true }, one;
	bool is_plain = true;
	const char *first;

	if (r->at < r->stop && *r->at == '^') {
		is_plain = false;
		r->at++;
	}
	for (first = r->at; r->at < r->stop && (*r->at != ']' || r->at == first);) {
		char c = *r->at++;

		if (c == '[' && r->at < r->stop && *r->at == ':') {
			r->is_lost = true;	/* [[:alpha:]] */
			return anything();
		}
		if (is_typographic(r, c)) {
			r->at += 2;
			continue;
		}
		if (c == '\\' || (unsigned char)c >= 0x80 || (c == '-'
		    && r->at - 1 != first && r->at < r->stop && *r->at != ']'))
			is_plain = false;
		if (c == '\\' && r->at < r->stop)
			r->at++;
		if (!is_plain || p.exact.len >= CLASS_MAX) {
			is_plain = false;
			continue;
		}
		c = small(c);
		one = exactly(r, &c, 1);
		p.exact = both(r, &p.exact, &one.exact);
	}
	if (r->at == r->stop)
		r->is_lost = true;
	else
		r->at++;
	return is_plain && p.exact.len > 0 ? p : anything();
}

/* Behind '(': its kind.  Lookarounds are taken for empty: that asks for less. */
static struct piece
read_group(struct reading *r)
{
	bool is_around = false;
	struct piece p;

	if (r->at < r->stop && *r->at == '*')
		r->is_lost = true;
	if (r->at < r->stop && *r->at == '?') {
		const char *s = r->at + 1;
		size_t left = (size_t)(r->stop - s), n = 1;

		if (left >= 2 && s[0] == '<' && (s[1] == '=' || s[1] == '!'))
			is_around = true, n = 2;
		else if (left >= 1 && (s[0] == '=' || s[0] == '!'))
			is_around = true;
		else if (left < 1 || s[0] != ':')
			r->is_lost = true;
		r->at = r->is_lost ? r->stop : s + n;
	}
	if (++r->depth > DEPTH_MAX)
		r->is_lost = true;
	p = read_alternatives(r);
	r->depth--;
	if (r->at == r->stop)
		r->is_lost = true;
	else
		r->at++;
	return is_around ? exactly(r, "", 0) : p;
}

static struct piece
read_atom(struct reading *r)
{
	char c = *r->at++;

	switch (c) {
	case '(': return read_group(r);
	case '[': return read_class(r);
	case '.': return anything();
	case '^':
	case '$': return exactly(r, "", 0);
	case '\\':
		if (r->at < r->stop)
			return read_escape(r);
		r->is_lost = true;
		return anything();
	}
	if ((unsigned char)c >= 0x80) {
		if (is_typographic(r, c)) {
			r->at += 2;
			return (struct piece){ .is_exact = true };
		}
		while (r->at < r->stop && ((unsigned char)*r->at & 0xc0) == 0x80)
			r->at++;	/* one character; a quantifier is for all of it */
		return anything();
	}
	c = small(c);
	return exactly(r, &c, 1);
}

/* "{2,5}" at r->at, behind '{'; false if it is no quantifier. */
static bool
read_braces(struct reading *r, unsigned *low, unsigned *high)
{
	const char *s = r->at;
	unsigned n[2] = { 0, 0 };
	int i = 0, digits = 0;

	for (; s < r->stop && *s != '}'; s++) {
		if (*s == ',' && i == 0 && digits > 0)
			i++, digits = 0;
		else if (*s >= '0' && *s <= '9' && digits++ < 5)
			n[i] = 10 * n[i] + (unsigned)(*s - '0');
		else
			return false;
	}
	if (s == r->stop || (i == 0 && digits == 0))
		return false;
	r->at = s + 1;
	*low = n[0];
	*high = i == 0 ? n[0] : digits > 0 ? n[1] : ~0u;
	return true;
}

/* How often the atom before may stand; false if there is no quantifier. */
static bool
read_quantifier(struct reading *r, unsigned *low, unsigned *high)
{
	char c = r->at < r->stop ? *r->at : 'x';

	if (c == '\0' || strchr("?*+{", c) == NULL)
		return false;
	r->at++;
	*low = c == '+';
	*high = c == '?' ? 1 : ~0u;
	if (c == '{' && !read_braces(r, low, high)) {
		r->is_lost = true;
		return false;
	}
	if (r->at < r->stop && (*r->at == '?' || *r->at == '+'))
		r->at++;
	return true;
}

static struct piece
repeat(struct reading *r, struct piece p, unsigned low, unsigned high)
{
	struct piece none = exactly(r, "", 0), some = anything();

	if (low == 1 && high == 1)
		return p;
	if (low == 0)
		return high == 1 && p.is_exact && p.exact.len < STRINGS_MAX
		    ? either(r, &none, &p) : anything();
	if (!p.is_exact)
		return p;
	demand(&some.clauses, p.exact);
	return some;
}

static struct piece
read_sequence(struct reading *r)
{
	struct piece p = { .is_exact = true };
	struct literals_set tail = exactly(r, "", 0).exact;
	unsigned low, high;

	while (r->at < r->stop && *r->at != '|' && *r->at != ')' && !r->is_lost) {
		struct piece atom = read_atom(r);

		while (read_quantifier(r, &low, &high))
			atom = repeat(r, atom, low, high);
		p = join(r, p, &atom, &tail);
	}
	if (p.is_exact)
		p.exact = tail;
	else
		demand(&p.clauses, tail);
	return p;
}

static struct piece
read_alternatives(struct reading *r)
{
	struct piece p = read_sequence(r), other;

	while (r->at < r->stop && *r->at == '|' && !r->is_lost) {
		r->at++;
		other = read_sequence(r);
		p = either(r, &p, &other);
	}
	return p;
}

struct literals
literals_of(const struct text *pattern, struct arena *a)
{
	struct reading r = { .at = pattern->ptr, .arena = a,
		.stop = pattern->ptr + pattern->len };
	struct piece p = read_alternatives(&r);
	struct literals out = { .len = 0 };

	if (r.is_lost || r.at < r.stop)
		return out;
	if (p.is_exact)
		demand(&out, p.exact);
	else
		out = p.clauses;
	return out;
}
