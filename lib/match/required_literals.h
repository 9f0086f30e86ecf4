/* required_literals.h - the words that a text must hold for a pattern to match it.
 *
 * A pattern's required literals are a conjunction of clauses; a clause is a set of words of
 * which the match holds at least one (RE2 calls this a prefilter).  They are necessary, never
 * sufficient: where a pattern is not understood, nothing is required.  Words are in lower
 * case.  LITERAL_WORD_BOUNDARY before or after a word means that it begins or ends there, as \b;
 * without it the word may be part of a longer one. */

#ifndef ALIGNX_LIB_MATCH_REQUIRED_LITERALS_H
#define ALIGNX_LIB_MATCH_REQUIRED_LITERALS_H

#include "lib/match/regex_ast.h"

enum {
	LITERAL_CLAUSES_MAX = 2,   /* of a pattern: the rarest */
	LITERAL_WORD_BOUNDARY = 1, /* a byte */
	LITERAL_INFIX_MIN = 4,     /* letters of a word without a boundary before it */
	LITERAL_LEN_MAX = 40,      /* letters of a word */
};

/* Strings of which one must occur. */
struct literal_set {
	struct text *at;
	size_t len;
	size_t reach;     /* characters from the match's begin to the word's end,
					   at most */
	double frequency; /* estimated share of a text's words that are in it */
};

struct required_literals {
	struct literal_set clause[LITERAL_CLAUSES_MAX]; /* the rarest first */
	size_t len;                                     /* 0: any text may match */
};

struct required_literals required_literals_of(const struct regex_node *pattern, struct arena *a);

#endif
