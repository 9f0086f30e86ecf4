/* extract_starts_add.c - patterns taken apart into ways to match, and what is kept from
 * text to text. */

#include "config.h"

#include <stdlib.h>

#include "lib/arena.h"
#include "stages/extract_ending.h"
#include "stages/extract_starts_state.h"
#include "stages/extract_ways.h"

enum { STATES = 1 << 17 };		/* that are remembered */

/* A pattern is not taken apart if it needs a word of a clause that is rarer. */
static const double RARE = 0.01;

struct starts *
starts_new(void)
{
	return arena_array(1, sizeof(struct starts));
}

/* All that is read first is a letter or digit: so it begins where a token does,
 * or inside one. */
static bool
begins_token(const struct nfa_added *a)
{
	for (unsigned c = 0; c < SYNTAX_SYMBOLS; c++)
		if (syntax_has(&a->first, c) && (!syntax_is_word(c) || c == '_'))
			return false;
	return a->is_known;
}

static void
add_way(struct starts *s, const struct way *way, const struct literals *need)
{
	uint32_t id = (uint32_t)s->ways;

	s->way = arena_grown(s->way, s->ways, &s->ways_room, sizeof(*s->way));
	s->way[s->ways++] = *way;
	if (need->len > 0)
		needs_add(&s->needs, id, &way->first, need);
	else
		states_push(&s->free, id);
}

static void
add_ways(struct starts *s, struct syntax *tree, uint32_t number,
    uint32_t base, struct arena *brief)
{
	struct literals all = literals_of(tree, brief);
	struct ways ways = ways_of(tree, all.len > 0
	    && all.clause[0].chance < RARE);
	bool is_first = ways_come_first(&ways, tree);
	uint32_t start[WAYS_MAX];
	struct way way = { .pattern = number, .longest = ending_of(tree).longest };

	way.start = nfa_add(&s->nfa, tree, number, is_first ? ways.list : NULL,
	    start).start;
	for (size_t i = 0; i < ways.len; i++) {
		struct literals need;

		if (is_first)
			way.start = start[i];
		if (is_first || i == 0) {
			way.first = begins_first(&s->nfa, way.start);
			way.second = begins_second(&s->nfa, base, way.start);
		}
		ways_pick(&ways, i);
		need = literals_of(tree, brief);
		add_way(s, &way, &need);
	}
	ways_pick_all(&ways);
}

/* A pattern that begins at a word; false if it does not always. */
static bool
add_at_word(struct starts *s, struct syntax *tree, uint32_t number,
    struct arena *brief)
{
	size_t base = s->nfa.len;
	struct nfa_added added;

	if (!syntax_begins_with(tree, SYNTAX_BOUNDARY))
		return false;
	added = nfa_add(&s->nfa, tree, number, NULL, NULL);
	s->nfa.len = base;
	if (!begins_token(&added))
		return false;
	add_ways(s, tree, number, (uint32_t)base, brief);
	return true;
}

bool
starts_add(struct starts *s, const struct text *pattern)
{
	struct arena brief = { 0 };
	struct syntax *tree = syntax_read(pattern, &brief);
	uint32_t number = s->patterns++;
	bool is_known = tree != NULL && (add_at_word(s, tree, number, &brief)
	    || elsewhere_add(&s->elsewhere, tree, number));

	arena_release(&brief);
	return is_known;
}

static void
begin(struct starts *s)
{
	s->is_begun = true;
	s->found = arena_array(FOUND, sizeof(*s->found));
	s->reading = arena_array(READINGS, sizeof(*s->reading));
	states_init(&s->states, &s->nfa, s->patterns, STATES);
	elsewhere_begin(&s->elsewhere, s->patterns);
}

bool
starts_refresh(struct starts *s)
{
	bool is_begun = s->is_begun;

	if (!is_begun)
		begin(s);
	elsewhere_refresh(&s->elsewhere);
	if (states_is_full(&s->states)) {
		states_forget(&s->states);
		for (size_t i = 0; i < s->ways; i++)
			s->way[i].root = STATES_UNKNOWN;
	}
	return needs_refresh(&s->needs) || !is_begun;
}

void
starts_free(struct starts *s)
{
	if (s == NULL)
		return;
	if (s->is_begun)
		states_release(&s->states);
	nfa_release(&s->nfa);
	elsewhere_release(&s->elsewhere);
	needs_release(&s->needs);
	free(s->way);
	free(s->found);
	free(s->reading);
	free(s->place);
	free(s->free.at);
	free(s);
}
