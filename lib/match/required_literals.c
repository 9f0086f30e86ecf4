/* extract_literals.c - from a pattern's tree to the strings it asks for. */

#include "config.h"

#include "lib/match/ending.h"
#include "lib/match/literal_info.h"
#include "lib/match/regex_ast.h"

enum { CLASS_MAX = 12 };		/* characters of a class that is told apart */

/* is_edge: a word that it begins with begins there. */
static struct piece piece_of(struct syntax *s, bool is_edge, struct arena *a);

static struct piece
one_of(const struct syntax_set *set, struct arena *a)
{
	struct piece one[CLASS_MAX];
	int all = 0;
	size_t n = 0;

	for (int i = 0; i < 3; i++)
		all += __builtin_popcountll(set->bits[i]);
	if (all > CLASS_MAX || syntax_has_high(set))
		return piece_anything();
	for (int i = 0; i < 2; i++)
		for (uint64_t left = set->bits[i]; left != 0; left &= left - 1) {
			char byte = (char)(64 * i + __builtin_ctzll(left));

			one[n++] = piece_exactly(&byte, 1, a);
		}
	return piece_either(one, n, a);
}

static struct piece
sequence(struct syntax *child, bool is_edge, struct arena *a)
{
	struct sequence s = sequence_begin(is_edge, a);
	struct ending before = { true, !is_edge, 0 }, one;

	for (; child != NULL; child = child->next) {
		struct piece p = piece_of(child, is_edge, a);

		one = ending_of(child);
		before = ending_behind(&before, &one);
		is_edge = child->kind == SYNTAX_BOUNDARY || !before.is_word;
		sequence_add(&s, &p, before.longest, is_edge, a);
	}
	return sequence_end(&s, a);
}

static struct piece
alternatives(struct syntax *child, bool is_edge, struct arena *a)
{
	struct piece *one;
	size_t n = 0;

	for (const struct syntax *s = child; s != NULL; s = s->next)
		n++;
	one = arena_get(a, n * sizeof(*one));
	for (n = 0; child != NULL; child = child->next)
		one[n++] = piece_of(child, is_edge, a);
	return piece_either(one, n, a);
}

static struct piece
make_piece(struct syntax *s, bool is_edge, struct arena *a)
{
	struct piece p;

	switch (s->kind) {
	case SYNTAX_EMPTY:
	case SYNTAX_START:
	case SYNTAX_END:
		return piece_exactly("", 0, a);
	case SYNTAX_BOUNDARY:
		return piece_exactly((const char[]){ LITERALS_EDGE }, 1, a);
	case SYNTAX_SET:
		return one_of(&s->set, a);
	case SYNTAX_SEQUENCE:
		return sequence(s->child, is_edge, a);
	case SYNTAX_ALTERNATIVES:
		return alternatives(s->child, is_edge, a);
	case SYNTAX_REPEAT:
		p = piece_of(s->child, is_edge, a);
		return piece_repeated(&p, s->low, s->high, a);
	case SYNTAX_UNKNOWN:
		break;
	}
	return piece_anything();
}

static struct piece
piece_of(struct syntax *s, bool is_edge, struct arena *a)
{
	if (s->is_varied)
		return make_piece(s, is_edge, a);
	if (s->piece[is_edge] == NULL) {
		struct piece *p = arena_get(a, sizeof(*p));

		*p = make_piece(s, is_edge, a);
		s->piece[is_edge] = p;
	}
	return *s->piece[is_edge];
}

struct literals
literals_of(struct syntax *pattern, struct arena *a)
{
	struct piece p = piece_of(pattern, false, a);

	return piece_literals(&p, a);
}
