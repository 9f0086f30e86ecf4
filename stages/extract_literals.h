/* extract_literals.h - what a text must hold for a pattern to match it.
 *
 * Reads a pattern and returns up to LITERALS_CLAUSES sets of plain strings: a
 * text in which any of these sets has no member cannot be matched.  Errs on
 * the side of asking for less; asks for nothing where it does not understand
 * the pattern.  The strings are in small letters, for texts whose letters A to
 * Z were made small. */

#ifndef ALIGNX_STAGES_EXTRACT_LITERALS_H
#define ALIGNX_STAGES_EXTRACT_LITERALS_H

#include "lib/arena.h"
#include "schema/noun.h"

enum { LITERALS_CLAUSES = 2, LITERALS_LEAST = 3 };	/* bytes of a string */

struct literals_set {
	struct text *at;
	size_t len;
};

struct literals {
	struct literals_set clause[LITERALS_CLAUSES];
	size_t len;			/* 0: nothing can be told */
};

struct literals literals_of(const struct text *pattern, struct arena *a);

#endif
