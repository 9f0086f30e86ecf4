/* extract_tokens.h - a text as rules see it: without quotations, in tokens.
 *
 * One per program, reused for every text, so that nothing is allocated once
 * the longest text has been seen.  What is seen is the text itself unless it
 * has quoted lines or typographic apostrophes; positions count in what is
 * seen.  Rules look at the first TOKENS_TEXT_MAX bytes of a text. */

#ifndef ALIGNX_STAGES_EXTRACT_TOKENS_H
#define ALIGNX_STAGES_EXTRACT_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/buf.h"

enum { TOKENS_TEXT_MAX = 256 * 1024 };

/* What is known of a word: extract_glossary.h. */
struct token_word {
	uint64_t goes_on, goes_behind;	/* what may come behind it in phrases; as what it may */
	uint32_t word, stem;		/* symbols of the lexicon: extract_words.h */
	uint32_t number;		/* of its bytes, not 0: extract_starts.h */
	uint32_t needs;			/* what patterns need of it: extract_needs.h */
	uint16_t marks;			/* which sets it is in by itself */
	uint16_t first, second;		/* patterns with it there: extract_openings.h */
	uint16_t others;		/* where those may that do not begin at words:
					   extract_elsewhere.h */
	uint8_t hedges;			/* sets of these that it is in */
	bool speaks : 1;		/* rules have it, by itself */
	bool has_places : 1;		/* inside it patterns may begin */
};

/* Signs that are asked for now and then. */
enum { SIGN_QUOTE = 1, SIGN_SLASH = 2, SIGN_COLON = 4, SIGN_BRACKET = 8 };

/* A run of letters, digits, inner apostrophes and characters beyond ASCII. */
struct token {
	uint32_t at, end;		/* bytes in what is seen */
	uint32_t key, key_len;		/* folded, in tokens.folded */
	uint32_t sentence;		/* rises; not every number is there */
	uint16_t marks;			/* which sets it is in: extract_words.h */
	struct token_word is;
};

struct tokens {
	const char *text;		/* what is seen */
	size_t text_len;
	struct token *at;		/* with room for one behind the last */
	size_t len, room;
	struct masks *mask;		/* of its bytes: extract_masks.h */
	struct buf masks;
	struct buf seen;		/* holds it where it is not the text itself */
	struct buf folded;		/* small letters; readable 16 bytes past each key */
	size_t sentences;		/* with tokens in them */
	size_t questions, exclamations;	/* runs of stops with a '?' or '!' in them */
	size_t long_words, capitals;	/* of two letters or more; of these, without small ones */
	unsigned marks;			/* those that any token has */
	unsigned signs;			/* which of those below are in it */
	bool is_wide;			/* there are characters beyond ASCII in it */
	bool is_cut;			/* the text was longer than is looked at */
};

/* text is valid UTF-8 and stays where it is while the tokens are used. */
void tokens_read(struct tokens *t, const char *text, size_t len);

/* Letters of all tokens: code points but digits. */
size_t tokens_letters(const struct tokens *t);
void tokens_release(struct tokens *t);

static inline const char *
token_key(const struct tokens *t, const struct token *k)
{
	return t->folded.data + k->key;
}

#endif
