/* extract_openings.h - which patterns a word may open, and which it may carry on.
 *
 * For extract_starts.c.  A pattern that begins at a word is tried only where it may
 * begin with the word that stands there, and may have the next one second.  Both are
 * found out by automata (extract_states.h) of all patterns at once, which read a word
 * alone: one begins where patterns do, the other where any of them may be behind its
 * first word. */

#ifndef ALIGNX_STAGES_EXTRACT_OPENINGS_H
#define ALIGNX_STAGES_EXTRACT_OPENINGS_H

#include "lib/match/bitset_pool.h"
#include "lib/match/lazy_dfa.h"

/* One of the automata. */
struct openings_reader {
	struct states states;
	uint32_t root;
	uint16_t *row;			/* of each state: 1 + row; 0: not made yet */
};

struct openings {
	const struct nfa *nfa;
	struct rows *rows;
	struct states_list starts;	/* NFA states where patterns begin */
	struct states_list seconds;	/* and those that may read a second word */
	struct states_list loose;	/* patterns that may have any word second, or none */
	struct openings_reader first, second;
	uint32_t last;			/* row of the loose ones */
	bool *ends;			/* of each NFA state: may a word end in it? */
};

/* A pattern that begins at a word: what the NFA has from `base` on.  The number is
 * that which was given to nfa_add(). */
void openings_add(struct openings *o, const struct nfa *n, uint32_t number,
    uint32_t base, uint32_t start);

/* Finds o->ends, when all were added: by openings_begin(). */
void openings_find_ends(struct openings *o);

/* When all were added; the marks are for this nfa. */
void openings_begin(struct openings *o, const struct nfa *n, struct rows *rows,
    struct states_marks *marks);

bool openings_are_full(const struct openings *o);

/* When the rows were forgotten; all that were told before are no more. */
void openings_forget(struct openings *o);

/* The row of a word in small letters, which ends where no letter, digit or '_' comes
 * behind it; it may have apostrophes and other bytes in it. */
uint32_t openings_first(struct openings *o, const char *word, size_t len);
uint32_t openings_second(struct openings *o, const char *word, size_t len);

/* The row of those that may have no word second. */
static inline uint32_t
openings_last(const struct openings *o)
{
	return o->last;
}

void openings_release(struct openings *o);

#endif
