/* extract_states.h - what the automaton of all patterns is made to do, remembered.
 *
 * For extract_starts.c and extract_elsewhere.c.  A set of the states of an nfa
 * (extract_nfa.h) is one state here, and what comes behind it is a table look-up
 * once it was found out.  The memory is bounded; when it is full, states_is_full()
 * asks for all to be forgotten, and until then what is new is STATES_ANY, which
 * stands for whatever there may be. */

#ifndef ALIGNX_STAGES_EXTRACT_STATES_H
#define ALIGNX_STAGES_EXTRACT_STATES_H

#include "lib/match/nfa.h"

enum {
	STATES_UNKNOWN,			/* not found out yet */
	STATES_NONE,			/* nothing can come of it */
	STATES_ANY,
	STATES_FIRST,			/* the others begin here */
};

/* Beside a state: something is accepted in it. */
#define STATES_ACCEPT ((uint32_t)1 << 31)

/* What comes behind a state for a column, in its row: most columns lead to nothing,
 * and most others to one of two states, which stand behind the columns; the rest is
 * in a block of its own, of which the number stands behind these. */
enum { STATES_ROW_UNKNOWN, STATES_ROW_NONE, STATES_ROW_TWO,
	STATES_ROW_BLOCK = STATES_ROW_TWO + 2 };

/* A set of NFA states that go on, and the numbers that were accepted on the way
 * here: the NFA states of these are left out. */
struct states_set {
	uint32_t at, going, accepted;	/* first the ones, then the others */
};

struct states_list {
	uint32_t *at;
	size_t len, room;
};

/* What was seen while a set is made; automata of one nfa may have it in common. */
struct states_marks {
	uint32_t *seen, *passed;	/* of NFA states: the turn */
	uint32_t *was_accepted;		/* of numbers */
	uint32_t turn;
	size_t states, numbers;
};

struct states {
	const struct nfa *nfa;

	/* symbols that no pattern tells apart are one column */
	uint8_t column[256];
	unsigned columns;
	unsigned char symbol[SYNTAX_SYMBOLS];	/* one of each column */

	struct states_set *set;
	unsigned char *row;		/* of each state, `stride` bytes */
	size_t stride, states_at;	/* states_at: where in a row states stand */
	uint32_t *block;		/* of `columns` states */
	size_t blocks, blocks_room;
	size_t len, most;
	uint32_t *member;		/* of all sets */
	size_t members, members_most;
	uint32_t *slot;			/* state by hash; 0: none */
	bool is_full;

	/* while a set is made */
	struct states_list going, accepted, ready, stack;
	struct states_marks *marks;
};

void states_push(struct states_list *list, uint32_t x);

/* When the nfa is whole. */
void states_marks_init(struct states_marks *m, const struct nfa *nfa, uint32_t numbers);
void states_marks_release(struct states_marks *m);

/* The nfa and the marks, which are made for it, must live on; at most `most` states are
 * remembered, and members_most members of their sets. */
void states_init(struct states *s, const struct nfa *nfa, struct states_marks *marks,
    size_t most, size_t members_most);
void states_release(struct states *s);

static inline bool
states_is_full(const struct states *s)
{
	return s->is_full;
}

void states_forget(struct states *s);

/* To make a state to begin with: states_begin(), the NFA states that begin behind a
 * symbol of words or behind others, states_end(). */
void states_begin(struct states *s);
void states_put(struct states *s, uint32_t from, bool is_behind_word);
uint32_t states_end(struct states *s);

/* Asks for the row of a state from memory, before it is needed. */
static inline void
states_fetch(const struct states *s, uint32_t state)
{
	__builtin_prefetch(s->row + (size_t)(state & ~STATES_ACCEPT) * s->stride);
}

uint32_t states_make_next(struct states *s, uint32_t from, unsigned column);

/* What comes behind a state when a byte is read, perhaps with STATES_ACCEPT. */
static inline uint32_t
states_next(struct states *s, uint32_t state, unsigned char byte)
{
	unsigned column = s->column[byte];
	const unsigned char *row = s->row + (size_t)state * s->stride;
	const uint32_t *two = (const uint32_t *)(const void *)(row + s->states_at);
	unsigned what = row[column];

	if (what == STATES_ROW_NONE)
		return STATES_NONE;
	if (what == STATES_ROW_BLOCK)
		return s->block[two[2] * s->columns + column];
	return what == STATES_ROW_UNKNOWN ? states_make_next(s, state, column)
	    : two[what - STATES_ROW_TWO];
}

#endif
