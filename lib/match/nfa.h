/* nfa.h - Thompson's NFA (1968) of all patterns, over folded bytes.
 *
 * It over-approximates: a pattern is matched where the rest of it is not understood, and a
 * bounded repeat of many copies becomes a loop.  So each match of a pattern begins where the
 * NFA, started there, matches it; the reverse need not hold. */

#ifndef ALIGNX_LIB_MATCH_NFA_H
#define ALIGNX_LIB_MATCH_NFA_H

#include <stddef.h>

#include "lib/match/regex_ast.h"

/* A word boundary is two consecutive states: the last byte decides which of them is entered
 * (after a word, or after anything else), the next byte whether it is left. */
enum nfa_kind { NFA_CLASS, NFA_SPLIT, NFA_AFTER_WORD, NFA_AFTER_OTHER, NFA_MATCH };

struct nfa_state {
	uint32_t kind : 3;
	uint32_t pattern : 29;
	uint32_t out;
	uint32_t other; /* NFA_SPLIT: the second out; NFA_CLASS: index of the class */
};

struct nfa {
	struct nfa_state *state;
	size_t len, cap;
	struct regex_class *set; /* without duplicates */
	size_t sets, sets_cap;
	uint16_t last_set[REGEX_SYMBOLS + 1]; /* index of the last one, by its first symbol */
};

/* What was added for one pattern. */
struct nfa_fragment {
	uint32_t start;
	bool reads_input;         /* false: it may match the empty string, and was not added */
	struct regex_class first; /* the symbols it may read first */
};

struct nfa_fragment nfa_add(struct nfa *n, const struct regex_node *s, uint32_t pattern);

void nfa_release(struct nfa *n);

#endif
