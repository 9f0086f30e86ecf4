/* extract_literals.c - a reader of the patterns that rules are written in. */

#include "config.h"

#include <string.h>

#include "stages/extract_pieces.h"

enum { DEPTH_MAX = 50, CLASS_MAX = 12 };

struct reading {
	const char *at, *stop;
	struct arena *arena;
	int depth;
	bool is_lost;			/* something here is not understood */
};

static struct piece read_alternatives(struct reading *r);

static struct piece
exactly(struct reading *r, const char *s, size_t len)
{
	return piece_exactly(s, len, r->arena);
}

static struct piece
one_of(struct reading *r, const char *s)
{
	struct piece p = piece_nothing(), one;

	for (; *s != '\0'; s++) {
		one = exactly(r, s, 1);
		p = piece_either(&p, &one, r->arena);
	}
	return p;
}

static char
small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static struct piece
read_escape(struct reading *r)
{
	char c = *r->at++;

	if (c != '\0' && strchr("bBAzZ", c) != NULL)
		return exactly(r, "", 0);
	if (c == 'd')
		return one_of(r, "0123456789");
	if (c != '\0' && strchr("DwWsSrtnfvhHNR", c) != NULL)
		return piece_anything();
	if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
	    || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80) {
		r->is_lost = true;	/* references, \Q, \K, \x, \p ... */
		return piece_anything();
	}
	return exactly(r, &c, 1);
}

/* Is it the typographic apostrophe?  Texts are seen without it, so it matches
 * none. */
static bool
is_typographic(const struct reading *r, char c)
{
	return r->stop - r->at >= 2 && (unsigned char)c == 0xe2
	    && memcmp(r->at, "\x80\x99", 2) == 0;
}

/* Adds a character, or a range if a '-' follows, to those of a class; false if
 * that is more than a few plain ones. */
static bool
read_member(struct reading *r, char *set, size_t *len)
{
	char c = *r->at++, last = c;

	if (is_typographic(r, c)) {
		r->at += 2;
		return true;
	}
	if (c == '\\' && r->at < r->stop) {
		r->at++;
		return false;
	}
	if (r->stop - r->at >= 2 && r->at[0] == '-' && r->at[1] != ']') {
		last = r->at[1];
		r->at += 2;
	}
	if (c == '\0' || (unsigned char)c >= 0x80 || (unsigned char)last >= 0x80
	    || last == '\\' || last < c || last - c >= CLASS_MAX - (int)*len)
		return false;
	for (; c < last; c++)
		set[(*len)++] = small(c);
	set[(*len)++] = small(c);
	return true;
}

/* Behind '['.  Only a few plain characters make it exact. */
static struct piece
read_class(struct reading *r)
{
	char set[CLASS_MAX + 1] = "";
	size_t len = 0;
	const char *first;
	bool is_plain = true;

	if (r->at < r->stop && *r->at == '^') {
		is_plain = false;
		r->at++;
	}
	for (first = r->at; r->at < r->stop && (*r->at != ']' || r->at == first);) {
		if (r->stop - r->at >= 2 && r->at[0] == '[' && r->at[1] == ':')
			r->is_lost = true;	/* [[:alpha:]] */
		if (r->is_lost)
			return piece_anything();
		is_plain &= read_member(r, set, &len);
	}
	if (r->at == r->stop)
		r->is_lost = true;
	else
		r->at++;
	set[is_plain ? len : 0] = '\0';
	return is_plain ? one_of(r, set) : piece_anything();
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
	case '.': return piece_anything();
	case '^':
	case '$': return exactly(r, "", 0);
	case '\\':
		if (r->at < r->stop)
			return read_escape(r);
		r->is_lost = true;
		return piece_anything();
	}
	if ((unsigned char)c >= 0x80) {
		if (is_typographic(r, c)) {
			r->at += 2;
			return piece_nothing();
		}
		while (r->at < r->stop && ((unsigned char)*r->at & 0xc0) == 0x80)
			r->at++;	/* one character; a quantifier is for all of it */
		return piece_anything();
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
read_sequence(struct reading *r)
{
	struct sequence s = sequence_begin(r->arena);
	unsigned low, high;

	while (r->at < r->stop && *r->at != '|' && *r->at != ')' && !r->is_lost) {
		struct piece atom = read_atom(r);

		while (read_quantifier(r, &low, &high))
			atom = piece_repeated(&atom, low, high, r->arena);
		sequence_add(&s, &atom, r->arena);
	}
	return sequence_end(&s, r->arena);
}

static struct piece
read_alternatives(struct reading *r)
{
	struct piece p = read_sequence(r), other;

	while (r->at < r->stop && *r->at == '|' && !r->is_lost) {
		r->at++;
		other = read_sequence(r);
		p = piece_either(&p, &other, r->arena);
	}
	return p;
}

struct literals
literals_of(const struct text *pattern, struct arena *a)
{
	struct reading r = { .at = pattern->ptr, .arena = a,
		.stop = pattern->ptr + pattern->len };
	bool is_at_boundary = pattern->len > 2
	    && memcmp(pattern->ptr, "\\b", 2) == 0
	    && strchr("?*+{", pattern->ptr[2]) == NULL;
	struct piece p = read_sequence(&r);
	struct literals out = { .len = 0 };

	if (r.at < r.stop && *r.at == '|') {	/* \b is not for all of it */
		r.at = pattern->ptr;
		p = read_alternatives(&r);
		is_at_boundary = false;
	}
	if (r.is_lost || r.at < r.stop)
		return out;
	out = piece_literals(&p, a);
	out.is_at_boundary = is_at_boundary;
	return out;
}
