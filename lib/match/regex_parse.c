/* regex_parse.c - a recursive-descent parser of the PCRE2 syntax that rules use. */

#include "config.h"

#include <string.h>

#include "lib/match/regex_ast.h"

enum { DEPTH_MAX = 40, NODES_MAX = 20000 };

struct regex_parser {
	const char *at, *stop;
	struct arena *arena;
	int depth, nodes;
	bool has_failed; /* the structure of the rest is not understood */
};

static struct regex_node *parse_alternation(struct regex_parser *r);

static struct regex_node *
node(struct regex_parser *r, enum regex_kind kind)
{
	struct regex_node *s = arena_alloc(r->arena, sizeof(*s));

	s->kind = kind;
	if (++r->nodes > NODES_MAX)
		r->has_failed = true;
	return s;
}

static void
append(struct regex_node *to, struct regex_node *child)
{
	if (to->last == NULL)
		to->child = child;
	else
		to->last->next = child;
	to->last = child;
}

static struct regex_node *
fail(struct regex_parser *r)
{
	r->has_failed = true;
	return node(r, REGEX_UNKNOWN);
}

static unsigned
lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20u : c;
}

static void
add_non_ascii(struct regex_class *set)
{
	regex_class_add(set, REGEX_NON_ASCII);
	regex_class_add(set, REGEX_NON_BMP);
}

static void
add_range(struct regex_class *set, unsigned low, unsigned high)
{
	for (unsigned c = low; c <= high && c < 0x80; c++)
		regex_class_add(set, lower((unsigned char)c));
	if (high >= 0x80)
		add_non_ascii(set);
}

static struct regex_node *
one_symbol(struct regex_parser *r, unsigned char c)
{
	struct regex_node *s = node(r, REGEX_CLASS);

	regex_class_add(&s->set, regex_symbol((unsigned char)lower(c)));
	return s;
}

/* A complement always has non-ASCII symbols, which stand for many characters. */
static void
negate(struct regex_class *set)
{
	for (unsigned c = 0; c < 0x80; c++)
		set->bits[c / 64] ^= (uint64_t)1 << (c % 64);
	for (unsigned c = 'A'; c <= 'Z'; c++)
		set->bits[c / 64] &= ~((uint64_t)1 << (c % 64));
	add_non_ascii(set);
}

/* Adds \d, \w, \s or their complements; false for other escapes. */
static bool
add_shorthand(struct regex_class *set, char kind)
{
	struct regex_class is = { { 0 } };
	char what = (char)(kind | 0x20);

	if (kind == '\0' || strchr("dDwWsS", kind) == NULL)
		return false;
	for (unsigned c = 0; c < 0x80; c++)
		if (what == 'd'       ? c >= '0' && c <= '9'
			: what == 'w' ? regex_is_word(c)
				      : c == ' ' || (c >= '\t' && c <= '\r'))
			regex_class_add(&is, c);
	if (kind != what)
		negate(&is);
	for (int i = 0; i < 3; i++)
		set->bits[i] |= is.bits[i];
	return true;
}

/* The byte of an escape such as \n or \.; -1 for others. */
static int
escaped_byte(char c)
{
	static const char names[] = "nrtf", bytes[] = "\n\r\t\f";
	const char *at = c != '\0' ? strchr(names, c) : NULL;

	if (at != NULL)
		return bytes[at - names];
	return (unsigned char)c < 0x80 && !regex_is_word(lower((unsigned char)c)) ? c : -1;
}

static struct regex_node *
parse_escape(struct regex_parser *r)
{
	struct regex_node *s;
	char c;

	if (r->at == r->stop)
		return fail(r);
	c = *r->at++;
	if (c == 'b')
		return node(r, REGEX_WORD_BOUNDARY);
	if (c == 'A')
		return node(r, REGEX_BEGIN_TEXT);
	if (c != '\0' && strchr("BzZ", c) != NULL)
		return node(r, REGEX_EMPTY);
	if (c == '\0' || strchr("QEKGCpPxogkN", c) != NULL)
		return fail(r); /* has arguments, or affects the rest */
	if (escaped_byte(c) >= 0)
		return one_symbol(r, (unsigned char)escaped_byte(c));
	s = node(r, REGEX_CLASS);
	return add_shorthand(&s->set, c) ? s : node(r, REGEX_UNKNOWN);
}

/* Is c the first byte of a typographic apostrophe? */
static bool
is_typographic(const struct regex_parser *r, unsigned char c)
{
	return c == 0xe2 && r->stop - r->at >= 2 && memcmp(r->at, "\x80\x99", 2) == 0;
}

/* An item of a class: its character, -1 if the class needs no more for it, -2 if it is not
 * understood. */
static int
parse_class_item(struct regex_parser *r, struct regex_class *set)
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
	if (add_shorthand(set, c))
		return -1;
	return escaped_byte(c) >= 0 ? escaped_byte(c) : -2;
}

/* After '['. */
static struct regex_node *
parse_class(struct regex_parser *r)
{
	struct regex_node *s = node(r, REGEX_CLASS);
	bool is_negated = r->at < r->stop && *r->at == '^';
	const char *first;

	r->at += is_negated;
	for (first = r->at; r->at < r->stop && (*r->at != ']' || r->at == first);) {
		int low = parse_class_item(r, &s->set), high = low;

		if (low == -2)
			return fail(r);
		if (low == -1)
			continue;
		if (r->stop - r->at >= 2 && r->at[0] == '-' && r->at[1] != ']') {
			r->at++;
			if ((high = parse_class_item(r, &s->set)) < 0)
				return fail(r);
		}
		add_range(&s->set, (unsigned)low, (unsigned)high);
	}
	if (r->at == r->stop)
		return fail(r);
	r->at++;
	if (is_negated)
		negate(&s->set);
	return s;
}

/* After '('. */
static struct regex_node *
parse_group(struct regex_parser *r)
{
	bool is_lookaround = false;
	struct regex_node *s;

	if (r->at < r->stop && *r->at == '*')
		return fail(r);
	if (r->at < r->stop && *r->at == '?') {
		const char *p = r->at + 1;
		size_t left = (size_t)(r->stop - p);
		size_t n = left >= 2 && p[0] == '<' ? 1 : 0;

		is_lookaround = left > n && (p[n] == '=' || p[n] == '!');
		if (!is_lookaround && (left < 1 || p[0] != ':'))
			return fail(r);
		r->at = p + (is_lookaround ? n + 1 : 1);
	}
	if (++r->depth > DEPTH_MAX)
		return fail(r);
	s = parse_alternation(r);
	r->depth--;
	if (r->at == r->stop)
		return fail(r);
	r->at++;
	return is_lookaround ? node(r, REGEX_EMPTY) : s;
}

static struct regex_node *
parse_atom(struct regex_parser *r)
{
	unsigned char c = (unsigned char)*r->at++;
	struct regex_node *s;

	switch (c) {
	case '(':
		return parse_group(r);
	case '[':
		return parse_class(r);
	case '\\':
		return parse_escape(r);
	case '^':
		return node(r, REGEX_BEGIN_TEXT);
	case '$':
		return node(r, REGEX_END_TEXT);
	case '.':
		s = one_symbol(r, '\n');
		negate(&s->set);
		return s;
	}
	if (is_typographic(r, c)) {
		r->at += 2;
		return node(r, REGEX_CLASS);
	}
	while (c >= 0x80 && r->at < r->stop && ((unsigned char)*r->at & 0xc0) == 0x80)
		r->at++; /* a quantifier applies to the whole character */
	return one_symbol(r, c);
}

/* "2,5}" after '{'; false if it is not a quantifier. */
static bool
parse_braces(struct regex_parser *r, unsigned *min, unsigned *max)
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
	*min = n[0];
	*max = i == 0 ? n[0] : digits > 0 ? n[1] : REGEX_UNBOUNDED;
	return true;
}

/* ?, *, + or {min,max}; false if there is none. */
static bool
parse_quantifier(struct regex_parser *r, unsigned *min, unsigned *max)
{
	char c = r->at < r->stop ? *r->at : '\0';

	if (c == '\0' || strchr("?*+{", c) == NULL)
		return false;
	r->at++;
	*min = c == '+';
	*max = c == '?' ? 1 : REGEX_UNBOUNDED;
	if (c == '{' && !parse_braces(r, min, max)) {
		r->has_failed = true;
		return false;
	}
	if (r->at < r->stop && (*r->at == '?' || *r->at == '+'))
		r->at++; /* lazy or possessive: the same strings or fewer */
	return true;
}

static struct regex_node *
parse_concat(struct regex_parser *r)
{
	struct regex_node *all = node(r, REGEX_CONCAT);

	while (r->at < r->stop && *r->at != '|' && *r->at != ')' && !r->has_failed) {
		struct regex_node *one = parse_atom(r);
		unsigned min, max;

		while (!r->has_failed && parse_quantifier(r, &min, &max)) {
			struct regex_node *s = node(r, REGEX_REPEAT);

			s->min = min;
			s->max = max;
			append(s, one);
			one = s;
		}
		append(all, one);
	}
	return all;
}

static struct regex_node *
parse_alternation(struct regex_parser *r)
{
	struct regex_node *first = parse_concat(r), *all;

	if (r->at == r->stop || *r->at != '|')
		return first;
	all = node(r, REGEX_ALTERNATE);
	append(all, first);
	while (r->at < r->stop && *r->at == '|' && !r->has_failed) {
		r->at++;
		append(all, parse_concat(r));
	}
	return all;
}

struct regex_node *
regex_parse(const struct text *pattern, struct arena *a)
{
	struct regex_parser r = {
		.at = pattern->ptr, .arena = a, .stop = pattern->ptr + pattern->len
	};
	struct regex_node *s = parse_alternation(&r);

	return r.has_failed || r.at < r.stop ? NULL : s;
}
