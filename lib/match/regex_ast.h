/* regex_ast.h - the syntax tree of a pattern, as far as a prefilter needs it.
 *
 * Only what decides which bytes a match reads is kept.  Assertions other than \b, ^ and $
 * become empty nodes; back references, properties and other constructs that are not parsed
 * become REGEX_UNKNOWN.  Patterns ignore case and texts are folded, so A to Z stand for a to
 * z.  Texts are matched with plain apostrophes, so a typographic one never matches.  All
 * other bytes beyond ASCII are one symbol, except those that begin a character of four
 * bytes. */

#ifndef ALIGNX_LIB_MATCH_REGEX_AST_H
#define ALIGNX_LIB_MATCH_REGEX_AST_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/core/arena.h"
#include "lib/core/text.h"

enum { REGEX_NON_ASCII = 128, REGEX_NON_BMP, REGEX_SYMBOLS, REGEX_UNBOUNDED = 1 << 20 };

/* The symbols of words, by their place in regex_class.bits. */
#define REGEX_DIGITS ((uint64_t)0x3ff << '0')             /* bits[0] */
#define REGEX_LETTERS ((uint64_t)0x3ffffff << ('a' - 64)) /* bits[1] */
#define REGEX_UNDERSCORE ((uint64_t)1 << ('_' - 64))      /* bits[1] */

/* A character class: a set of symbols. */
struct regex_class {
	uint64_t bits[3];
};

enum regex_kind {
	REGEX_EMPTY,
	REGEX_WORD_BOUNDARY,
	REGEX_BEGIN_TEXT,
	REGEX_END_TEXT,
	REGEX_CLASS,
	REGEX_UNKNOWN,
	REGEX_CONCAT,
	REGEX_ALTERNATE,
	REGEX_REPEAT
};

struct regex_node {
	enum regex_kind kind;
	struct regex_class set;          /* REGEX_CLASS; an empty class never matches */
	unsigned min, max;               /* REGEX_REPEAT, of its only child */
	struct regex_node *child, *last; /* the first and the last one */
	struct regex_node *next;         /* sibling */
};

/* How the matches of a node may end. */
struct regex_suffix {
	bool can_be_empty;
	bool can_end_in_word; /* the last symbol may be one of words */
	unsigned max_len;     /* characters, up to REGEX_UNBOUNDED */
};

/* The tree, in the arena; NULL if the structure of the pattern is not understood. */
struct regex_node *regex_parse(const struct text *pattern, struct arena *a);

/* Does every match begin with this assertion (REGEX_WORD_BOUNDARY or REGEX_BEGIN_TEXT)? */
bool regex_begins_with(const struct regex_node *s, enum regex_kind assertion);

struct regex_suffix regex_suffix_of(const struct regex_node *s);

/* The suffix of a, then b. */
struct regex_suffix regex_suffix_concat(const struct regex_suffix *a, const struct regex_suffix *b);

static inline bool
regex_class_has(const struct regex_class *s, unsigned symbol)
{
	return s->bits[symbol / 64] >> (symbol % 64) & 1;
}

static inline void
regex_class_add(struct regex_class *s, unsigned symbol)
{
	s->bits[symbol / 64] |= (uint64_t)1 << (symbol % 64);
}

static inline bool
regex_class_has_non_ascii(const struct regex_class *s)
{
	return regex_class_has(s, REGEX_NON_ASCII) || regex_class_has(s, REGEX_NON_BMP);
}

static inline bool
regex_class_has_word(const struct regex_class *s)
{
	return ((s->bits[0] & REGEX_DIGITS) | (s->bits[1] & (REGEX_LETTERS | REGEX_UNDERSCORE)))
	    != 0;
}

static inline unsigned
regex_symbol(unsigned char byte)
{
	return byte < REGEX_NON_ASCII ? byte : byte < 0xf0 ? REGEX_NON_ASCII : REGEX_NON_BMP;
}

/* \w of ASCII, in lower case. */
static inline bool
regex_is_word(unsigned symbol)
{
	return (symbol >= 'a' && symbol <= 'z') || (symbol >= '0' && symbol <= '9')
	    || symbol == '_';
}

#endif
