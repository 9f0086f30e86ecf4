/* extract_nfa.h - the beginnings of all patterns as one automaton.
 *
 * States of a nondeterministic automaton (Thompson 1968) that reads folded
 * bytes.  It errs on the side of accepting: a pattern is accepted where what
 * comes next is unknown, or a gap that would go on and on.  So every match of a
 * pattern begins where the automaton, begun there, accepts it. */

#ifndef ALIGNX_STAGES_EXTRACT_NFA_H
#define ALIGNX_STAGES_EXTRACT_NFA_H

#include <stddef.h>

#include "stages/extract_syntax.h"

enum nfa_kind { NFA_READ, NFA_FORK, NFA_ACCEPT };

struct nfa_state {
	uint8_t kind;
	uint16_t set;			/* NFA_READ: index of what is read */
	uint32_t pattern;
	uint32_t out, other;		/* other: of a fork */
};

struct nfa {
	struct nfa_state *state;
	size_t len, room;
	struct syntax_set *set;		/* each once */
	size_t sets, sets_room;
};

/* Where a pattern may begin: anywhere, at words, there and at what stands right
 * behind a word, at the start.  Words are of letters, digits and '_'. */
enum nfa_place { NFA_ANYWHERE, NFA_AT_WORDS, NFA_AT_EDGES, NFA_AT_START };

/* What became of a pattern. */
struct nfa_pattern {
	uint32_t start;
	bool is_known;			/* false: it may begin anywhere */
	bool is_whole;			/* all of it is in the automaton */
	enum nfa_place place;
};

struct nfa_pattern nfa_add(struct nfa *n, const struct text *pattern,
    uint32_t number);
void nfa_release(struct nfa *n);

#endif
