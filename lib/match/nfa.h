/* extract_nfa.h - the beginnings of all patterns as one automaton.
 *
 * States of a nondeterministic automaton (Thompson 1968) that reads folded
 * bytes.  It errs on the side of accepting: a pattern is accepted where what
 * comes next is unknown, and what is repeated often may be repeated more often.  So
 * every match of a pattern begins where the automaton, begun there, accepts it. */

#ifndef ALIGNX_STAGES_EXTRACT_NFA_H
#define ALIGNX_STAGES_EXTRACT_NFA_H

#include <stddef.h>

#include "lib/match/regex_ast.h"

/* The edge of a word is two states, one behind the other: which of them a way
 * leads to is decided by what was read last, and whether it goes on by what is
 * read next. */
enum nfa_kind { NFA_READ, NFA_FORK, NFA_AFTER_WORD, NFA_AFTER_OTHER, NFA_ACCEPT };

struct nfa_state {
	uint32_t kind : 3;
	uint32_t number : 29;		/* of what was added */
	uint32_t out;
	uint32_t other;			/* of a fork; NFA_READ: index of the set that is read */
};

struct nfa {
	struct nfa_state *state;
	size_t len, room;
	struct syntax_set *set;		/* each once */
	size_t sets, sets_room;
	uint16_t last_set[SYNTAX_SYMBOLS + 1];	/* by their first symbols */
};

/* What became of a tree. */
struct nfa_added {
	uint32_t start;
	bool is_known;			/* else it may begin anywhere, and was not added */
	struct syntax_set first;	/* what may be read first */
};

/* Adds what a tree matches; the number is the caller's. */
struct nfa_added nfa_add(struct nfa *n, const struct syntax *s, uint32_t number);

void nfa_release(struct nfa *n);

#endif
