/* required_literals.c - computes literal_info.h bottom-up over a syntax tree. */

#include "config.h"

#include "lib/match/literal_info.h"
#include "lib/match/regex_ast.h"

enum { CLASS_MAX = 12 }; /* symbols of a class that is expanded into strings */

/* is_boundary: a word that begins where the node does begins there in the text, too. */
static struct literal_info info_of(const struct regex_node *s, bool is_boundary, struct arena *a);

static struct literal_info
class_info(const struct regex_class *set, struct arena *a)
{
	struct literal_info one[CLASS_MAX];
	int all = 0;
	size_t n = 0;

	for (int i = 0; i < 3; i++)
		all += __builtin_popcountll(set->bits[i]);
	if (all > CLASS_MAX || regex_class_has_non_ascii(set))
		return literal_info_any();
	for (int i = 0; i < 2; i++)
		for (uint64_t left = set->bits[i]; left != 0; left &= left - 1) {
			char byte = (char)(64 * i + __builtin_ctzll(left));

			one[n++] = literal_info_string(&byte, 1, a);
		}
	return literal_info_alternate(one, n, a);
}

static struct literal_info
concat(const struct regex_node *child, bool is_boundary, struct arena *a)
{
	struct literal_concat s = literal_concat_begin(is_boundary, a);
	struct regex_suffix before = { true, !is_boundary, 0 }, one;

	for (; child != NULL; child = child->next) {
		struct literal_info info = info_of(child, is_boundary, a);

		one = regex_suffix_of(child);
		before = regex_suffix_concat(&before, &one);
		is_boundary = child->kind == REGEX_WORD_BOUNDARY || !before.can_end_in_word;
		literal_concat_add(&s, &info, before.max_len, is_boundary, a);
	}
	return literal_concat_end(&s, a);
}

static struct literal_info
alternate(const struct regex_node *child, bool is_boundary, struct arena *a)
{
	struct literal_info *one;
	size_t n = 0;

	for (const struct regex_node *s = child; s != NULL; s = s->next)
		n++;
	one = arena_alloc(a, n * sizeof(*one));
	for (n = 0; child != NULL; child = child->next)
		one[n++] = info_of(child, is_boundary, a);
	return literal_info_alternate(one, n, a);
}

static struct literal_info
info_of(const struct regex_node *s, bool is_boundary, struct arena *a)
{
	struct literal_info p;

	switch (s->kind) {
	case REGEX_EMPTY:
	case REGEX_BEGIN_TEXT:
	case REGEX_END_TEXT:
		return literal_info_string("", 0, a);
	case REGEX_WORD_BOUNDARY:
		return literal_info_string((const char[]){ LITERAL_WORD_BOUNDARY }, 1, a);
	case REGEX_CLASS:
		return class_info(&s->set, a);
	case REGEX_CONCAT:
		return concat(s->child, is_boundary, a);
	case REGEX_ALTERNATE:
		return alternate(s->child, is_boundary, a);
	case REGEX_REPEAT:
		p = info_of(s->child, is_boundary, a);
		return literal_info_repeat(&p, s->min, s->max, a);
	case REGEX_UNKNOWN:
		break;
	}
	return literal_info_any();
}

struct required_literals
required_literals_of(const struct regex_node *pattern, struct arena *a)
{
	struct literal_info p = info_of(pattern, false, a);

	return literal_info_required(&p, a);
}
