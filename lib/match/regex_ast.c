/* regex_ast.c - what can be said of a parsed pattern: how its matches begin and end. */

#include "config.h"

#include "lib/match/regex_ast.h"

bool
regex_begins_with(const struct regex_node *s, enum regex_kind assertion)
{
	const struct regex_node *child = s->child;

	if (s->kind == assertion)
		return true;
	switch (s->kind) {
	case REGEX_CONCAT:
		while (child != NULL && child->kind == REGEX_EMPTY)
			child = child->next;
		return child != NULL && regex_begins_with(child, assertion);
	case REGEX_ALTERNATE:
		while (child != NULL && regex_begins_with(child, assertion))
			child = child->next;
		return child == NULL;
	default:
		return false;
	}
}

static unsigned
bounded(uint64_t len)
{
	return len < REGEX_UNBOUNDED ? (unsigned)len : REGEX_UNBOUNDED;
}

struct regex_suffix
regex_suffix_concat(const struct regex_suffix *a, const struct regex_suffix *b)
{
	return (struct regex_suffix){ a->can_be_empty && b->can_be_empty,
		b->can_end_in_word || (b->can_be_empty && a->can_end_in_word),
		bounded((uint64_t)a->max_len + b->max_len) };
}

static struct regex_suffix
either(const struct regex_suffix *a, const struct regex_suffix *b)
{
	return (struct regex_suffix){ a->can_be_empty || b->can_be_empty,
		a->can_end_in_word || b->can_end_in_word,
		a->max_len > b->max_len ? a->max_len : b->max_len };
}

struct regex_suffix
regex_suffix_of(const struct regex_node *s)
{
	struct regex_suffix all = { s->kind == REGEX_CONCAT, false, 0 }, one;

	switch (s->kind) {
	case REGEX_EMPTY:
	case REGEX_WORD_BOUNDARY:
	case REGEX_BEGIN_TEXT:
	case REGEX_END_TEXT:
		return (struct regex_suffix){ true, false, 0 };
	case REGEX_UNKNOWN:
		return (struct regex_suffix){ true, true, REGEX_UNBOUNDED };
	case REGEX_CLASS:
		return (struct regex_suffix){ false, regex_class_has_word(&s->set), 1 };
	case REGEX_REPEAT:
		all = regex_suffix_of(s->child);
		all.can_be_empty |= s->min == 0;
		all.max_len = bounded((uint64_t)all.max_len * s->max);
		return all;
	case REGEX_CONCAT:
	case REGEX_ALTERNATE:
		break;
	}
	for (const struct regex_node *child = s->child; child != NULL; child = child->next) {
		one = regex_suffix_of(child);
		all = s->kind == REGEX_CONCAT ? regex_suffix_concat(&all, &one)
					      : either(&all, &one);
	}
	return all;
}
