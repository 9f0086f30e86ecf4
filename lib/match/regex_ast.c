#include "config.h"

#include <string.h>

#include "lib/match/regex_ast.h"

enum { DEPTH_MAX = 40, NODES_MAX = 20000 };

struct reading {
	const char *at, *stop;
	struct arena *arena;
	int depth, nodes;
	bool is_lost;			/* the shape of what follows is not understood */
};

static struct syntax *read_alternatives(struct reading *r);

static struct syntax *
node(struct reading *r, enum syntax_kind kind)
{
	struct syntax *s = arena_get(r->arena, sizeof(*s));

	s->kind = kind;
	if (++r->nodes > NODES_MAX)
		r->is_lost = true;
	return s;
}

static void
append(struct syntax *to, struct syntax *child)
{
	if (to->last == NULL)
		to->child = child;
	else
		to->last->next = child;
	to->last = child;
}

static struct syntax *
lost(struct reading *r)
{
	r->is_lost = true;
	return node(r, SYNTAX_UNKNOWN);
}

static unsigned
small(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20u : c;
}

static void
put_high(struct syntax_set *set)
{
	syntax_put(set, SYNTAX_HIGH);
	syntax_put(set, SYNTAX_FOUR);
}

static void
put_range(struct syntax_set *set, unsigned low, unsigned high)
{
	for (unsigned c = low; c <= high && c < 0x80; c++)
		syntax_put(set, small((unsigned char)c));
	if (high >= 0x80)
		put_high(set);
}

static struct syntax *
exactly(struct reading *r, unsigned char c)
{
	struct syntax *s = node(r, SYNTAX_SET);

	syntax_put(&s->set, syntax_symbol((unsigned char)small(c)));
	return s;
}

/* Symbols that are not in the set; another character than these may still be
 * beyond ASCII. */
static void
negate(struct syntax_set *set)
{
	for (unsigned c = 0; c < 0x80; c++)
		set->bits[c / 64] ^= (uint64_t)1 << (c % 64);
	for (unsigned c = 'A'; c <= 'Z'; c++)
		set->bits[c / 64] &= ~((uint64_t)1 << (c % 64));
	put_high(set);
}

/* Adds what \d, \w, \s or their opposites stand for; false for others. */
static bool
put_kind(struct syntax_set *set, char kind)
{
	struct syntax_set is = { { 0 } };
	char what = (char)(kind | 0x20);

	if (kind == '\0' || strchr("dDwWsS", kind) == NULL)
		return false;
	for (unsigned c = 0; c < 0x80; c++)
		if (what == 'd' ? c >= '0' && c <= '9' : what == 'w'
		    ? syntax_is_word(c) : c == ' ' || (c >= '\t' && c <= '\r'))
			syntax_put(&is, c);
	if (kind != what)
		negate(&is);
	for (int i = 0; i < 3; i++)
		set->bits[i] |= is.bits[i];
	return true;
}

/* The byte that an escape stands for; -1 if it is none. */
static int
escaped_byte(char c)
{
	static const char names[] = "nrtf", bytes[] = "\n\r\t\f";
	const char *at = c != '\0' ? strchr(names, c) : NULL;

	if (at != NULL)
		return bytes[at - names];
	return (unsigned char)c < 0x80 && !syntax_is_word(small((unsigned char)c))
	    ? c : -1;
}

static struct syntax *
read_escape(struct reading *r)
{
	struct syntax *s;
	char c;

	if (r->at == r->stop)
		return lost(r);
	c = *r->at++;
	if (c == 'b')
		return node(r, SYNTAX_BOUNDARY);
	if (c == 'A')
		return node(r, SYNTAX_START);
	if (c != '\0' && strchr("BzZ", c) != NULL)
		return node(r, SYNTAX_EMPTY);
	if (c == '\0' || strchr("QEKGCpPxogkN", c) != NULL)
		return lost(r);		/* with arguments, or with effects elsewhere */
	if (escaped_byte(c) >= 0)
		return exactly(r, (unsigned char)escaped_byte(c));
	s = node(r, SYNTAX_SET);
	return put_kind(&s->set, c) ? s : node(r, SYNTAX_UNKNOWN);
}

/* Is it the typographic apostrophe, of which the first byte was read? */
static bool
is_typographic(const struct reading *r, unsigned char c)
{
	return c == 0xe2 && r->stop - r->at >= 2
	    && memcmp(r->at, "\x80\x99", 2) == 0;
}

/* A member of a class: the character, -1 if nothing is to be added for it, -2 if
 * it is not understood. */
static int
read_member(struct reading *r, struct syntax_set *set)
{
	char c = *r->at++;

	if (c == '[' && r->at < r->stop && strchr(":.=", *r->at) != NULL)
		return -2;
	if (is_typographic(r, (unsigned char)c)) {
		r->at += 2;
		return -1;
	}
	if (c != '\\')
		return (unsigned char)c;
	if (r->at == r->stop)
		return -2;
	c = *r->at++;
	if (put_kind(set, c))
		return -1;
	return escaped_byte(c) >= 0 ? escaped_byte(c) : -2;
}

/* Behind '['. */
static struct syntax *
read_class(struct reading *r)
{
	struct syntax *s = node(r, SYNTAX_SET);
	bool is_negated = r->at < r->stop && *r->at == '^';
	const char *first;

	r->at += is_negated;
	for (first = r->at; r->at < r->stop && (*r->at != ']' || r->at == first);) {
		int low = read_member(r, &s->set), high = low;

		if (low == -2)
			return lost(r);
		if (low == -1)
			continue;
		if (r->stop - r->at >= 2 && r->at[0] == '-' && r->at[1] != ']') {
			r->at++;
			if ((high = read_member(r, &s->set)) < 0)
				return lost(r);
		}
		put_range(&s->set, (unsigned)low, (unsigned)high);
	}
	if (r->at == r->stop)
		return lost(r);
	r->at++;
	if (is_negated)
		negate(&s->set);
	return s;
}

/* Behind '('. */
static struct syntax *
read_group(struct reading *r)
{
	bool is_around = false;
	struct syntax *s;

	if (r->at < r->stop && *r->at == '*')
		return lost(r);
	if (r->at < r->stop && *r->at == '?') {
		const char *p = r->at + 1;
		size_t left = (size_t)(r->stop - p);
		size_t n = left >= 2 && p[0] == '<' ? 1 : 0;

		is_around = left > n && (p[n] == '=' || p[n] == '!');
		if (!is_around && (left < 1 || p[0] != ':'))
			return lost(r);
		r->at = p + (is_around ? n + 1 : 1);
	}
	if (++r->depth > DEPTH_MAX)
		return lost(r);
	s = read_alternatives(r);
	r->depth--;
	if (r->at == r->stop)
		return lost(r);
	r->at++;
	return is_around ? node(r, SYNTAX_EMPTY) : s;
}

static struct syntax *
read_atom(struct reading *r)
{
	unsigned char c = (unsigned char)*r->at++;
	struct syntax *s;

	switch (c) {
	case '(': return read_group(r);
	case '[': return read_class(r);
	case '\\': return read_escape(r);
	case '^': return node(r, SYNTAX_START);
	case '$': return node(r, SYNTAX_END);
	case '.':
		s = exactly(r, '\n');
		negate(&s->set);
		return s;
	}
	if (is_typographic(r, c)) {
		r->at += 2;
		return node(r, SYNTAX_SET);
	}
	while (c >= 0x80 && r->at < r->stop && ((unsigned char)*r->at & 0xc0) == 0x80)
		r->at++;		/* one character; a quantifier is for all of it */
	return exactly(r, c);
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
	*high = i == 0 ? n[0] : digits > 0 ? n[1] : SYNTAX_NO_END;
	return true;
}

/* How often the atom before may stand; false if there is no quantifier. */
static bool
read_quantifier(struct reading *r, unsigned *low, unsigned *high)
{
	char c = r->at < r->stop ? *r->at : '\0';

	if (c == '\0' || strchr("?*+{", c) == NULL)
		return false;
	r->at++;
	*low = c == '+';
	*high = c == '?' ? 1 : SYNTAX_NO_END;
	if (c == '{' && !read_braces(r, low, high)) {
		r->is_lost = true;
		return false;
	}
	if (r->at < r->stop && (*r->at == '?' || *r->at == '+'))
		r->at++;		/* lazy, possessive: the same beginnings */
	return true;
}

static struct syntax *
read_sequence(struct reading *r)
{
	struct syntax *all = node(r, SYNTAX_SEQUENCE);

	while (r->at < r->stop && *r->at != '|' && *r->at != ')' && !r->is_lost) {
		struct syntax *one = read_atom(r);
		unsigned low, high;

		while (!r->is_lost && read_quantifier(r, &low, &high)) {
			struct syntax *s = node(r, SYNTAX_REPEAT);

			s->low = low;
			s->high = high;
			append(s, one);
			one = s;
		}
		append(all, one);
	}
	return all;
}

static struct syntax *
read_alternatives(struct reading *r)
{
	struct syntax *first = read_sequence(r), *all;

	if (r->at == r->stop || *r->at != '|')
		return first;
	all = node(r, SYNTAX_ALTERNATIVES);
	append(all, first);
	while (r->at < r->stop && *r->at == '|' && !r->is_lost) {
		r->at++;
		append(all, read_sequence(r));
	}
	return all;
}

bool
syntax_begins_with(const struct syntax *s, enum syntax_kind edge)
{
	const struct syntax *child = s->child;

	if (s->kind == edge)
		return true;
	switch (s->kind) {
	case SYNTAX_SEQUENCE:
		while (child != NULL && child->kind == SYNTAX_EMPTY)
			child = child->next;
		return child != NULL && syntax_begins_with(child, edge);
	case SYNTAX_ALTERNATIVES:
		while (child != NULL && syntax_begins_with(child, edge))
			child = child->next;
		return child == NULL;
	default:
		return false;
	}
}

struct syntax *
syntax_read(const struct text *pattern, struct arena *a)
{
	struct reading r = { .at = pattern->ptr, .arena = a,
		.stop = pattern->ptr + pattern->len };
	struct syntax *s = read_alternatives(&r);

	return r.is_lost || r.at < r.stop ? NULL : s;
}
