#include "config.h"

#include "lib/match/ending.h"

static bool
has_word(const struct syntax_set *set)
{
	for (int i = 0; i < 3; i++)
		for (uint64_t left = set->bits[i]; left != 0; left &= left - 1)
			if (syntax_is_word(64 * (unsigned)i
			    + (unsigned)__builtin_ctzll(left)))
				return true;
	return false;
}

static unsigned
no_more_than_all(uint64_t length)
{
	return length < SYNTAX_NO_END ? (unsigned)length : SYNTAX_NO_END;
}

struct ending
ending_behind(const struct ending *a, const struct ending *b)
{
	return (struct ending){ a->is_empty && b->is_empty,
		b->is_word || (b->is_empty && a->is_word),
		no_more_than_all((uint64_t)a->longest + b->longest) };
}

static struct ending
find_ending(struct syntax *s)
{
	struct ending all = { s->kind == SYNTAX_SEQUENCE, false, 0 }, one;

	switch (s->kind) {
	case SYNTAX_EMPTY:
	case SYNTAX_BOUNDARY:
	case SYNTAX_START:
	case SYNTAX_END: return (struct ending){ true, false, 0 };
	case SYNTAX_UNKNOWN: return (struct ending){ true, true, SYNTAX_NO_END };
	case SYNTAX_SET: return (struct ending){ false, has_word(&s->set), 1 };
	case SYNTAX_REPEAT:
		all = ending_of(s->child);
		all.is_empty |= s->low == 0;
		all.longest = no_more_than_all((uint64_t)all.longest * s->high);
		return all;
	case SYNTAX_SEQUENCE:
	case SYNTAX_ALTERNATIVES: break;
	}
	for (struct syntax *child = s->child; child != NULL; child = child->next) {
		one = ending_of(child);
		if (s->kind == SYNTAX_SEQUENCE)
			all = ending_behind(&all, &one);
		else
			all = (struct ending){ all.is_empty || one.is_empty,
				all.is_word || one.is_word,
				all.longest > one.longest ? all.longest : one.longest };
	}
	return all;
}

struct ending
ending_of(struct syntax *s)
{
	enum { KNOWN = 1, EMPTY = 2, WORD = 4 };

	if (s->is_varied)
		return find_ending(s);
	if (s->ending == 0) {
		struct ending e = find_ending(s);

		s->ending = (uint8_t)(KNOWN | (e.is_empty ? EMPTY : 0)
		    | (e.is_word ? WORD : 0));
		s->longest = e.longest;
	}
	return (struct ending){ s->ending & EMPTY, s->ending & WORD, s->longest };
}
