/* extract_elsewhere.h - patterns that do not always begin at a word.
 *
 * For extract_starts.c.  They are few.  An automaton of them all is run from each
 * place where one of them may begin, and tells where it accepts. */

#ifndef ALIGNX_STAGES_EXTRACT_ELSEWHERE_H
#define ALIGNX_STAGES_EXTRACT_ELSEWHERE_H

#include "lib/match/prefilter.h"
#include "lib/match/lazy_dfa.h"

struct elsewhere {
	struct nfa nfa;
	struct states states;
	struct states_marks marks;
	struct states_list at_start, at_edges, anywhere;	/* NFA states */
	struct states_list known, always;	/* numbers; always: at the start */
	/* states to begin with: at the start of the text; behind a symbol that is none of
	 * words ([0]) or one ([1]), before one that is none or one; where the former is
	 * not known, before one that is none */
	uint32_t first_at_start, first[2][2], first_unknown;
	uint8_t kind[256];		/* as bits: see extract_elsewhere.c */
};

/* False: the pattern may begin anywhere, and is not looked for. */
bool elsewhere_add(struct elsewhere *e, const struct syntax *tree, uint32_t number);

/* When all were added; the numbers are below `numbers`. */
void elsewhere_begin(struct elsewhere *e, uint32_t numbers);

/* To be called before each text, as the memory is bounded. */
void elsewhere_refresh(struct elsewhere *e);

/* At which bytes of a word in small letters may any begin?  Bits; all of them: anywhere. */
uint16_t elsewhere_look_up(struct elsewhere *e, const char *word, size_t len);

void elsewhere_find(struct elsewhere *e, const struct tokens *t, starts_fn *fn,
    void *with);
void elsewhere_release(struct elsewhere *e);

#endif
