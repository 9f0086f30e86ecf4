/* extract_starts_add.c - patterns taken apart into ways to match, and what is kept from
 * text to text. */

#include "config.h"

#include <stdlib.h>

#include "lib/arena.h"
#include "stages/extract_ending.h"
#include "stages/extract_starts_state.h"
#include "stages/extract_ways.h"

enum { STATES = 1 << 17, MEMBERS = 16 * STATES };	/* that are remembered */

enum { APART_MOST = 2 };		/* times as many states, for starts of their own */

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

/* Adds what the tree stands for, which needs all this. */
static void
add_start(struct starts *s, struct syntax *tree, uint32_t number,
    const struct literals *all)
{
	uint32_t base = (uint32_t)s->nfa.len, id = (uint32_t)s->starts;
	uint32_t state = nfa_add(&s->nfa, tree, id).start;

	s->start = arena_grown(s->start, s->starts, &s->start_room, sizeof(*s->start));
	s->start[s->starts++] = (struct start){ number, state, STATES_UNKNOWN,
		ending_of(tree).longest };
	openings_add(&s->openings, &s->nfa, id, base, state);
	needs_add(&s->needs, all);
}

/* How many states its NFA has. */
static size_t
count_states(struct starts *s, struct syntax *tree)
{
	size_t base = s->nfa.len, n;

	nfa_add(&s->nfa, tree, 0);
	n = s->nfa.len - base;
	s->nfa.len = base;
	return n;
}

/* Adds each way as a start of its own, unless what they have in common makes that
 * too much; true if they are added. */
static bool
add_apart(struct starts *s, struct ways *ways, struct syntax *tree,
    uint32_t number, size_t states, struct arena *brief)
{
	const size_t most = APART_MOST * states;
	size_t n = 0;

	for (size_t i = 0; i < ways->len; i++) {
		ways_pick(ways, i);
		n += count_states(s, tree);
	}
	for (size_t i = 0; i < ways->len && n <= most; i++) {
		struct literals need;

		ways_pick(ways, i);
		need = literals_of(tree, brief);
		add_start(s, tree, number, &need);
		needs_add_way(&s->needs, &need);
	}
	ways_pick_all(ways);
	return n <= most;
}

static void
add_whole(struct starts *s, struct ways *ways, struct syntax *tree, uint32_t number,
    const struct literals *all, struct arena *brief)
{
	add_start(s, tree, number, all);
	for (size_t i = 0; i < ways->len; i++) {
		struct literals need;

		ways_pick(ways, i);
		need = literals_of(tree, brief);
		needs_add_way(&s->needs, &need);
	}
	ways_pick_all(ways);
}

/* A pattern that begins at a word; false if it does not always. */
static bool
add_at_word(struct starts *s, struct syntax *tree, uint32_t number,
    struct arena *brief)
{
	size_t base = s->nfa.len, states;
	struct nfa_added added;
	struct literals all;
	struct ways ways;

	if (!syntax_begins_with(tree, SYNTAX_BOUNDARY))
		return false;
	added = nfa_add(&s->nfa, tree, 0);
	states = s->nfa.len - base;
	s->nfa.len = base;
	if (!begins_token(&added))
		return false;
	all = literals_of(tree, brief);
	ways = ways_of(tree, all.len > 0 && all.clause[0].chance < RARE);
	if (!ways_come_first(&ways, tree)
	    || !add_apart(s, &ways, tree, number, states, brief))
		add_whole(s, &ways, tree, number, &all, brief);
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
	states_init(&s->states, &s->nfa, (uint32_t)s->starts, STATES, MEMBERS);
	rows_init(&s->rows, s->starts);
	openings_begin(&s->openings, &s->nfa, &s->rows, (uint32_t)s->starts);
	needs_begin(&s->needs);
	elsewhere_begin(&s->elsewhere, s->patterns);
}

bool
starts_refresh(struct starts *s)
{
	bool is_new = !s->is_begun;

	if (is_new)
		begin(s);
	elsewhere_refresh(&s->elsewhere);
	if (states_is_full(&s->states)) {
		states_forget(&s->states);
		for (size_t i = 0; i < s->starts; i++)
			s->start[i].root = STATES_UNKNOWN;
	}
	if (rows_is_full(&s->rows) || openings_are_full(&s->openings)
	    || needs_are_full(&s->needs)) {
		rows_forget(&s->rows);
		openings_forget(&s->openings);
		needs_forget(&s->needs);
		is_new = true;
	}
	return is_new;
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
	openings_release(&s->openings);
	free(s->start);
	rows_release(&s->rows);
	free(s->found);
	free(s->reading);
	free(s);
}
