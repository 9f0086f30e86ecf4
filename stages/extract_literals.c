/* extract_literals.c - from a pattern's tree to the strings it asks for. */

#include "config.h"

#include "stages/extract_pieces.h"
#include "stages/extract_syntax.h"

enum { CLASS_MAX = 12 };		/* characters of a class that is told apart */

static struct piece piece_of(const struct syntax *s, struct arena *a);

static struct piece
one_of(const struct syntax_set *set, struct arena *a)
{
	struct piece p = piece_nothing(), one;
	int n = 0;

	for (int i = 0; i < 3; i++)
		n += __builtin_popcountll(set->bits[i]);
	if (n > CLASS_MAX || syntax_has(set, SYNTAX_HIGH))
		return piece_anything();
	for (int i = 0; i < 2; i++)
		for (uint64_t left = set->bits[i]; left != 0; left &= left - 1) {
			char byte = (char)(64 * i + __builtin_ctzll(left));

			one = piece_exactly(&byte, 1, a);
			p = n == 1 ? one : piece_either(&p, &one, a);
		}
	return p;
}

static struct piece
sequence(const struct syntax *child, struct arena *a)
{
	struct sequence s = sequence_begin(a);

	for (; child != NULL; child = child->next) {
		struct piece p = piece_of(child, a);

		sequence_add(&s, &p, a);
	}
	return sequence_end(&s, a);
}

static struct piece
alternatives(const struct syntax *child, struct arena *a)
{
	struct piece p = piece_of(child, a), other;

	while ((child = child->next) != NULL) {
		other = piece_of(child, a);
		p = piece_either(&p, &other, a);
	}
	return p;
}

static struct piece
piece_of(const struct syntax *s, struct arena *a)
{
	struct piece p;

	switch (s->kind) {
	case SYNTAX_EMPTY:
	case SYNTAX_BOUNDARY:
	case SYNTAX_START:
		return piece_exactly("", 0, a);
	case SYNTAX_SET:
		return one_of(&s->set, a);
	case SYNTAX_SEQUENCE:
		return sequence(s->child, a);
	case SYNTAX_ALTERNATIVES:
		return alternatives(s->child, a);
	case SYNTAX_REPEAT:
		p = piece_of(s->child, a);
		return piece_repeated(&p, s->low, s->high, a);
	case SYNTAX_UNKNOWN:
		break;
	}
	return piece_anything();
}

struct literals
literals_of(const struct text *pattern, struct arena *a)
{
	const struct syntax *s = syntax_read(pattern, a);
	struct literals out = { .len = 0 };
	struct piece p;

	if (s == NULL)
		return out;
	p = piece_of(s, a);
	return piece_literals(&p, a);
}
