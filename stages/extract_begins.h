/* extract_begins.h - how words begin that patterns begin with.
 *
 * For extract_starts.c.  The first three letters of a word, or all of it if it is
 * shorter, give a number below 256; so the words that may stand at a place are 256
 * bits.  Other words may have the same number: it can only be told where a pattern
 * does not begin. */

#ifndef ALIGNX_STAGES_EXTRACT_BEGINS_H
#define ALIGNX_STAGES_EXTRACT_BEGINS_H

#include "stages/extract_nfa.h"

struct begins {
	uint64_t bits[4];
};

/* The number of the word that begins at a byte, in front of what is none. */
static inline unsigned
begins_of(const char *word)
{
	unsigned n = 0;

	for (int i = 0; i < 3 && syntax_is_word((unsigned char)word[i]); i++)
		n = n * 37 + (unsigned char)word[i];
	return n * 0x9e3779b1u >> 24;
}

static inline bool
begins_has(const struct begins *b, unsigned word)
{
	return b->bits[word / 64] >> word % 64 & 1;
}

/* The words that the NFA may read first from a state, and those that may stand behind
 * a first one where a match goes on.  It is all that was added from `base` on. */
struct begins begins_first(const struct nfa *n, uint32_t start);
struct begins begins_second(const struct nfa *n, uint32_t base, uint32_t start);

#endif
