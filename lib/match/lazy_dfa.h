/* lazy_dfa.h - a DFA whose states are made when they are first reached.
 *
 * Subset construction on demand, as in RE2's DFA: a state is a set of NFA states, and a
 * transition is computed once and then looked up.  Memory is bounded.  When it is full, new
 * transitions lead to LAZY_DFA_QUIT, which means that anything may match, until the caller,
 * asked by lazy_dfa_is_full(), calls lazy_dfa_reset(). */

#ifndef ALIGNX_LIB_MATCH_LAZY_DFA_H
#define ALIGNX_LIB_MATCH_LAZY_DFA_H

#include "lib/core/hash_index.h"
#include "lib/match/nfa.h"
#include "lib/match/u32_list.h"

enum {
	LAZY_DFA_UNKNOWN, /* not computed yet */
	LAZY_DFA_DEAD,    /* no match can follow */
	LAZY_DFA_QUIT,
	LAZY_DFA_FIRST, /* the states proper */
};

/* A flag of a state number: something matches here. */
#define LAZY_DFA_MATCH ((uint32_t)1 << 31)

/* A transition is a byte in its state's row.  Most are dead, and most others lead to one of
 * two states, whose numbers follow the bytes; the rest are in a block that the row names. */
enum {
	LAZY_DFA_ROW_UNKNOWN,
	LAZY_DFA_ROW_DEAD,
	LAZY_DFA_ROW_INLINE,
	LAZY_DFA_ROW_BLOCK = LAZY_DFA_ROW_INLINE + 2
};

/* The live NFA states of a DFA state, then the patterns that match in it (whose NFA states
 * are left out), as a range of lazy_dfa.member. */
struct lazy_dfa_state {
	uint32_t at, live, matched;
};

/* Marks used while a set is made; DFAs of the same NFA may share them. */
struct lazy_dfa_scratch {
	uint32_t *added, *passed; /* of NFA states: the generation */
	uint32_t *has_matched;    /* of patterns: the generation */
	uint32_t generation;
	size_t states, patterns;
};

struct lazy_dfa {
	const struct nfa *nfa;

	/* bytes that no pattern distinguishes share a column (RE2: bytemap) */
	uint8_t column[256];
	unsigned columns;
	unsigned char symbol[REGEX_SYMBOLS]; /* one of each column */

	struct lazy_dfa_state *state;
	size_t len, cap;
	unsigned char *row;        /* of each state, `stride` bytes */
	size_t stride, targets_at; /* targets_at: where in a row state numbers begin */
	uint32_t *block;           /* of `columns` states */
	size_t blocks, blocks_cap;
	uint32_t *member; /* of all states */
	size_t members, members_cap;
	struct hash_index index; /* of states by their members */
	bool is_full;

	/* the set that is being made */
	struct u32_list live, matched, ready, stack;
	struct lazy_dfa_scratch *scratch;
};

/* When the NFA is complete. */
void lazy_dfa_scratch_init(struct lazy_dfa_scratch *m, const struct nfa *nfa, uint32_t patterns);
void lazy_dfa_scratch_release(struct lazy_dfa_scratch *m);

/* The NFA and the scratch are borrowed.  At most `states` states with `members` members in
 * all are kept. */
void lazy_dfa_init(struct lazy_dfa *s, const struct nfa *nfa, struct lazy_dfa_scratch *scratch,
    size_t states, size_t members);
void lazy_dfa_release(struct lazy_dfa *s);

static inline bool
lazy_dfa_is_full(const struct lazy_dfa *s)
{
	return s->is_full;
}

void lazy_dfa_reset(struct lazy_dfa *s);

/* Makes a start state: lazy_dfa_begin(), each NFA state, lazy_dfa_end(). */
void lazy_dfa_begin(struct lazy_dfa *s);
void lazy_dfa_add(struct lazy_dfa *s, uint32_t nfa_state, bool is_after_word);
uint32_t lazy_dfa_end(struct lazy_dfa *s);

static inline void
lazy_dfa_prefetch(const struct lazy_dfa *s, uint32_t state)
{
	__builtin_prefetch(s->row + (size_t)(state & ~LAZY_DFA_MATCH) * s->stride);
}

uint32_t lazy_dfa_compute(struct lazy_dfa *s, uint32_t from, unsigned column);

/* The state after a byte, perhaps with LAZY_DFA_MATCH. */
static inline uint32_t
lazy_dfa_next(struct lazy_dfa *s, uint32_t state, unsigned char byte)
{
	unsigned column = s->column[byte];
	const unsigned char *row = s->row + (size_t)state * s->stride;
	const uint32_t *target = (const uint32_t *)(const void *)(row + s->targets_at);
	unsigned kind = row[column];

	if (kind == LAZY_DFA_ROW_DEAD)
		return LAZY_DFA_DEAD;
	if (kind == LAZY_DFA_ROW_BLOCK)
		return s->block[target[2] * s->columns + column];
	return kind == LAZY_DFA_ROW_UNKNOWN ? lazy_dfa_compute(s, state, column)
					    : target[kind - LAZY_DFA_ROW_INLINE];
}

#endif
