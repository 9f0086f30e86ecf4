/* extract_literals.h - what words a text must hold for a pattern to match it.
 *
 * Looks at a pattern's tree (extract_syntax.h) and tells up to LITERALS_CLAUSES
 * sets of words of which one must be somewhere in the text.  Errs on the side of
 * asking for less; asks for nothing where it does not understand the pattern.  Where
 * LITERALS_EDGE stands before a word, letters, digits or '_' must begin there, and
 * where it stands behind it, end; else it may be part of a longer word.  All is in
 * small letters. */

#ifndef ALIGNX_STAGES_EXTRACT_LITERALS_H
#define ALIGNX_STAGES_EXTRACT_LITERALS_H

#include "lib/match/regex_ast.h"

enum {
	LITERALS_CLAUSES = 4,
	LITERALS_EDGE = 1,		/* a byte */
	LITERALS_LEAST = 4,		/* letters of a word that may have others before it */
	LITERALS_MOST = 40,		/* letters of a word */
};

struct literals_set {
	struct text *at;
	size_t len;
	size_t reach;			/* characters before the word in a match, at most */
	double chance;			/* about how often one is there, for each word of a text */
};

struct literals {
	struct literals_set clause[LITERALS_CLAUSES];
	size_t len;			/* 0: any text may be matched */
};

/* What is made out in the arena is kept in the tree, but for what is varied. */
struct literals literals_of(struct syntax *pattern, struct arena *a);

#endif
