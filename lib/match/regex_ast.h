/* extract_syntax.h - a pattern as a tree, as far as it is understood.
 *
 * Only what decides which bytes a match reads is kept: lookarounds and
 * assertions but \b, ^ and $ are empty, references and properties are unknown.  Letters A
 * to Z stand for their small ones, since texts are folded; typographic apostrophes
 * stand for nothing, since texts are seen without them; all other bytes beyond
 * ASCII are one symbol, but for those that begin a character of four. */

#ifndef ALIGNX_STAGES_EXTRACT_SYNTAX_H
#define ALIGNX_STAGES_EXTRACT_SYNTAX_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/core/arena.h"
#include "lib/core/text.h"

enum { SYNTAX_HIGH = 128, SYNTAX_FOUR, SYNTAX_SYMBOLS, SYNTAX_NO_END = 1 << 20 };

/* Symbols as bits. */
struct syntax_set {
	uint64_t bits[3];
};

enum syntax_kind { SYNTAX_EMPTY, SYNTAX_BOUNDARY, SYNTAX_START, SYNTAX_END, SYNTAX_SET,
	SYNTAX_UNKNOWN, SYNTAX_SEQUENCE, SYNTAX_ALTERNATIVES, SYNTAX_REPEAT };

struct syntax {
	enum syntax_kind kind;
	struct syntax_set set;		/* one character of these; empty: none matches */
	unsigned low, high;		/* how often the first child stands */
	struct syntax *child, *last;	/* and, of a sequence, alternatives, */
	struct syntax *next;		/* the others */

	/* what was made out of it, if it stays as it is */
	bool is_varied;
	uint8_t ending;			/* extract_ending.c; 0: not known yet */
	unsigned longest;
	const struct piece *piece[2];	/* extract_literals.c */
};

/* Does all that it matches begin at the edge of a word (SYNTAX_BOUNDARY), or of
 * the text (SYNTAX_START)? */
bool syntax_begins_with(const struct syntax *s, enum syntax_kind edge);

/* The tree, in the arena; NULL if not even its shape is understood. */
struct syntax *syntax_read(const struct text *pattern, struct arena *a);

static inline bool
syntax_has(const struct syntax_set *s, unsigned symbol)
{
	return s->bits[symbol / 64] >> (symbol % 64) & 1;
}

static inline void
syntax_put(struct syntax_set *s, unsigned symbol)
{
	s->bits[symbol / 64] |= (uint64_t)1 << (symbol % 64);
}

static inline bool
syntax_has_high(const struct syntax_set *s)
{
	return syntax_has(s, SYNTAX_HIGH) || syntax_has(s, SYNTAX_FOUR);
}

/* The symbol of a byte. */
static inline unsigned
syntax_symbol(unsigned char c)
{
	return c < SYNTAX_HIGH ? c : c < 0xf0 ? SYNTAX_HIGH : SYNTAX_FOUR;
}

static inline bool
syntax_is_word(unsigned c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

#endif
