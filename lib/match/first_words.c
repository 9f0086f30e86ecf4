#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/match/first_words.h"

enum {
	STATES = 1 << 14,		/* that an automaton remembers */
	MEMBERS = 1 << 18,		/* of all its sets */
};

static void
make_reader(struct openings_reader *r, const struct nfa *n, struct states_marks *marks)
{
	states_init(&r->states, n, marks, STATES, MEMBERS);
	r->row = arena_array(STATES, sizeof(*r->row));
}

static void
set_all(struct rows *r, const struct states_list *of)
{
	for (size_t i = 0; i < of->len; i++)
		rows_set(r, of->at[i]);
}

static void
make_roots(struct openings *o)
{
	struct states *s = &o->first.states;

	states_begin(s);
	for (size_t i = 0; i < o->starts.len; i++)
		states_put(s, o->starts.at[i], false);
	o->first.root = states_end(s);
	s = &o->second.states;
	states_begin(s);
	for (size_t i = 0; i < o->seconds.len; i++)
		states_put(s, o->seconds.at[i], false);
	o->second.root = states_end(s);
}

void
openings_forget(struct openings *o)
{
	states_forget(&o->first.states);
	states_forget(&o->second.states);
	memset(o->first.row, 0, STATES * sizeof(*o->first.row));
	memset(o->second.row, 0, STATES * sizeof(*o->second.row));
	make_roots(o);
	rows_begin(o->rows);
	set_all(o->rows, &o->loose);
	o->last = rows_end(o->rows);
}

/* Not if even the first state has no room. */
static bool
is_full(const struct openings_reader *r)
{
	return states_is_full(&r->states) && r->root != STATES_ANY;
}

bool
openings_are_full(const struct openings *o)
{
	return is_full(&o->first) || is_full(&o->second);
}

void
openings_begin(struct openings *o, const struct nfa *n, struct rows *rows,
    struct states_marks *marks)
{
	o->nfa = n;
	o->rows = rows;
	openings_find_ends(o);
	make_reader(&o->first, n, marks);
	make_reader(&o->second, n, marks);
	openings_forget(o);
}

/* Sets the bits of what may go on where a word ends in a state. */
static void
set_going(struct openings *o, const struct states *s, uint32_t state)
{
	const struct states_set *x = &s->set[state];

	for (uint32_t i = 0; i < x->going; i++) {
		const struct nfa_state *n = &o->nfa->state[s->member[x->at + i]];

		if (n->kind != NFA_AFTER_OTHER && o->ends[s->member[x->at + i]])
			rows_set(o->rows, n->number);
	}
}

static bool
set_accepted(struct openings *o, const struct states *s, uint32_t state)
{
	const struct states_set *x = &s->set[state];

	for (uint32_t i = 0; i < x->accepted; i++)
		rows_set(o->rows, s->member[x->at + x->going + i]);
	return x->accepted > 0;
}

static uint32_t
row_of(struct openings *o, struct openings_reader *r, const char *word, size_t len,
    const struct states_list *always)
{
	uint32_t state = r->root, row;
	bool is_accepted = false;

	rows_begin(o->rows);
	for (size_t i = 0; i < len && state != STATES_NONE && state != STATES_ANY; i++) {
		state = states_next(&r->states, state, (unsigned char)word[i])
		    & ~STATES_ACCEPT;
		is_accepted |= set_accepted(o, &r->states, state);
	}
	if (state == STATES_ANY)
		return ROWS_ANY;
	if (!is_accepted && r->row[state] != 0)
		return r->row[state] - 1u;
	set_going(o, &r->states, state);
	set_all(o->rows, always);
	row = rows_end(o->rows);
	if (!is_accepted)
		r->row[state] = (uint16_t)(row + 1);
	return row;
}

uint32_t
openings_first(struct openings *o, const char *word, size_t len)
{
	static const struct states_list none = { 0 };

	return row_of(o, &o->first, word, len, &none);
}

uint32_t
openings_second(struct openings *o, const char *word, size_t len)
{
	return row_of(o, &o->second, word, len, &o->loose);
}

static void
release_reader(struct openings_reader *r)
{
	if (r->states.row != NULL)
		states_release(&r->states);
	free(r->row);
}

void
openings_release(struct openings *o)
{
	release_reader(&o->first);
	release_reader(&o->second);
	free(o->starts.at);
	free(o->seconds.at);
	free(o->loose.at);
	free(o->ends);
}
