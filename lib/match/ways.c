#include "config.h"

#include "lib/match/ways.h"

/* How many alternatives are more than a word. */
static size_t
count_phrases(const struct syntax *s)
{
	size_t n = 0;

	for (const struct syntax *one = s->child;
	    s->kind == SYNTAX_ALTERNATIVES && one != NULL; one = one->next) {
		const struct syntax *part = one->child;

		while (part != NULL && (part->kind != SYNTAX_SET
		    || !syntax_has(&part->set, ' ')))
			part = part->next;
		n += part != NULL;
	}
	return n;
}

static struct syntax *
most_phrases(struct syntax *pattern)
{
	struct syntax *best = NULL;
	size_t most = 0;

	if (pattern->kind == SYNTAX_ALTERNATIVES)
		return pattern;
	for (struct syntax *s = pattern->child; s != NULL; s = s->next)
		if (count_phrases(s) > most) {
			most = count_phrases(s);
			best = s;
		}
	return best;
}

struct ways
ways_of(struct syntax *pattern, bool is_one)
{
	struct ways w = { .len = 0, .list = is_one ? NULL : most_phrases(pattern) };

	if (w.list != NULL)
		w.list->is_varied = pattern->is_varied = true;
	for (struct syntax *one = w.list != NULL ? w.list->child : NULL;
	    one != NULL; one = one->next) {
		if (w.len == WAYS_MAX)
			return (struct ways){ .len = 1 };
		w.way[w.len++] = one;
	}
	return w.list != NULL ? w : (struct ways){ .len = 1 };
}

bool
ways_come_first(const struct ways *w, const struct syntax *pattern)
{
	const struct syntax *s = pattern;

	if (w->list == NULL || w->list == pattern)
		return w->list != NULL;
	for (s = pattern->child; s != w->list; s = s->next)
		if (s->kind != SYNTAX_BOUNDARY && s->kind != SYNTAX_EMPTY)
			return false;
	return true;
}

void
ways_pick(struct ways *w, size_t i)
{
	if (w->list == NULL)
		return;
	w->list->child = w->way[i];
	w->way[i]->next = NULL;
}

void
ways_pick_all(struct ways *w)
{
	for (size_t i = 0; w->list != NULL && i < w->len; i++)
		w->way[i]->next = i + 1 < w->len ? w->way[i + 1] : NULL;
	if (w->list != NULL)
		w->list->child = w->way[0];
}
