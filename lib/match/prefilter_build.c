/* extract_starts_add.c - patterns taken apart into ways to match, and what is kept from
 * text to text. */

#include "config.h"

#include <stdlib.h>

#include "lib/core/arena.h"
#include "lib/match/ending.h"
#include "lib/match/prefilter_internal.h"
#include "lib/match/ways.h"

enum { STATES = 1 << 17, MEMBERS = 16 * STATES,	/* that are remembered */
	WORDS = 1 << 30 };				/* numbers, before they are given again */

enum { APART_MOST = 2 };		/* times as many states, for starts of their own */

/* A pattern is not taken apart if it needs a word of a clause that is rarer. */
static const double RARE = 0.002;

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

/* Adds what the tree stands for; its ways are to be added, too. */
static uint32_t
add_start(struct starts *s, struct syntax *tree, uint32_t number)
{
	uint32_t base = (uint32_t)s->nfa.len, id = (uint32_t)s->starts;
	uint32_t state = nfa_add(&s->nfa, tree, id).start;

	s->start = arena_grown(s->start, s->starts, &s->start_room, sizeof(*s->start));
	s->start[s->starts++] = (struct start){ number, state, STATES_UNKNOWN,
		ending_of(tree).longest };
	openings_add(&s->openings, &s->nfa, id, base, state);
	return id;
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
		needs_add_way(&s->needs, add_start(s, tree, number), &need);
	}
	ways_pick_all(ways);
	return n <= most;
}

static void
add_whole(struct starts *s, struct ways *ways, struct syntax *tree, uint32_t number,
    struct arena *brief)
{
	const uint32_t start = add_start(s, tree, number);

	for (size_t i = 0; i < ways->len; i++) {
		struct literals need;

		ways_pick(ways, i);
		need = literals_of(tree, brief);
		needs_add_way(&s->needs, start, &need);
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
		add_whole(s, &ways, tree, number, brief);
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

/* Ways are in the order of their starts, of which each has one. */
static void
list_ways(struct starts *s)
{
	uint32_t way = 0;

	s->first_way = arena_array(s->starts + 1, sizeof(*s->first_way));
	for (uint32_t i = 0; i < s->starts; i++)
		for (s->first_way[i] = way; way < s->needs.ways
		    && s->needs.way[way].start == i;)
			way++;
	s->first_way[s->starts] = way;
}

static void
begin(struct starts *s)
{
	s->is_begun = true;
	s->found = arena_array(FOUND, sizeof(*s->found));
	s->reading = arena_array(READINGS, sizeof(*s->reading));
	states_marks_init(&s->marks, &s->nfa, (uint32_t)s->starts);
	states_init(&s->states, &s->nfa, &s->marks, STATES, MEMBERS);
	steps_init(&s->steps, &s->states);
	rows_init(&s->rows, s->starts);
	list_ways(s);
	pairs_init(&s->pairs, &s->rows, s->first_way, s->needs.ways);
	openings_begin(&s->openings, &s->nfa, &s->rows, &s->marks);
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
		steps_forget(&s->steps);
		for (size_t i = 0; i < s->starts; i++)
			s->start[i].root = STATES_UNKNOWN;
	}
	if (rows_is_full(&s->rows) || openings_are_full(&s->openings)
	    || needs_are_full(&s->needs)) {
		rows_forget(&s->rows);
		pairs_forget(&s->pairs);
		openings_forget(&s->openings);
		needs_forget(&s->needs);
		is_new = true;
	}
	if (s->words > WORDS) {
		s->words = 0;
		steps_forget(&s->steps);
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
	steps_release(&s->steps);
	states_marks_release(&s->marks);
	nfa_release(&s->nfa);
	elsewhere_release(&s->elsewhere);
	needs_release(&s->needs);
	openings_release(&s->openings);
	free(s->start);
	free(s->first_way);
	rows_release(&s->rows);
	pairs_release(&s->pairs);
	free(s->found);
	free(s->reading);
	free(s);
}
