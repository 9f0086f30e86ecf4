/* tokens.h - a text without quotations, as tokens.
 *
 * What is visible is the text itself unless it has quoted lines ("> ...") or typographic
 * apostrophes; all positions are bytes of what is visible.  Only the first TOKENS_TEXT_MAX
 * bytes of a text are read.  One struct serves all texts, so memory grows only with the
 * longest. */

#ifndef ALIGNX_LIB_MATCH_TOKENS_H
#define ALIGNX_LIB_MATCH_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/buf.h"
#include "lib/match/word_info.h"

enum { TOKENS_TEXT_MAX = 256 * 1024 };

/* Bytes that callers may want to look for. */
enum { SIGN_QUOTE = 1, SIGN_SLASH = 2, SIGN_COLON = 4, SIGN_BRACKET = 8 };

/* A run of letters, digits, inner apostrophes and characters beyond ASCII. */
struct token {
	uint32_t at, end;      /* bytes of tokens.text */
	uint32_t key, key_len; /* in lower case, in tokens.folded */
	uint32_t sentence;     /* rises; numbers may be skipped */
	uint16_t flags;        /* of its word, and of phrases that it is part of */
	struct word_info word; /* set by word_cache.h */
};

struct tokens {
	const char *text; /* what is visible */
	size_t text_len;
	struct token *at; /* there is space for one after the last */
	size_t len, cap;
	struct byte_classes *class;     /* of the text */
	struct buf classes;             /* holds these */
	struct buf visible;             /* holds what is visible if it is not the text itself */
	struct buf folded;              /* lower case; 16 bytes after each key are readable */
	size_t sentences;               /* that have tokens */
	size_t questions, exclamations; /* runs of stops that have a '?' or '!' */
	size_t long_words, capitals;    /* of two letters or more; of these, in capitals alone */
	unsigned flags;                 /* those that any token has */
	unsigned signs;                 /* those that occur between tokens */
	bool is_wide;                   /* there are characters beyond ASCII */
	bool is_cut;                    /* the text was too long */
};

/* text is valid UTF-8 and must stay where it is. */
void tokens_read(struct tokens *t, const char *text, size_t len);

/* The letters of all tokens: code points other than digits. */
size_t tokens_letters(const struct tokens *t);
void tokens_release(struct tokens *t);

static inline const char *
token_key(const struct tokens *t, const struct token *k)
{
	return t->folded.data + k->key;
}

#endif
