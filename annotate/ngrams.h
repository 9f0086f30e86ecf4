/* ngrams.h - a text as a set of hashed n-grams of words and of characters.
 *
 * Words are the tokens of lib/match/tokens.h, folded.  Character n-grams are bytes within a
 * word that has a space on either side.  An n-gram is known only by some bits of its hash, so
 * a model needs no dictionary (Weinberger and others 2009, arXiv 0902.2206).
 *
 * What counts is whether a text has an n-gram, not how often.  Each of the two kinds is
 * scaled to length 1, so that long texts weigh no more than short ones. */

#ifndef ALIGNX_ANNOTATE_NGRAMS_H
#define ALIGNX_ANNOTATE_NGRAMS_H

#include "lib/core/hash_index.h"
#include "lib/match/tokens.h"

enum { NGRAMS_WORDS_MAX = 4, NGRAMS_CHARS_MAX = 8, NGRAMS_BITS_MIN = 8 };

/* How n-grams are made; part of a model. */
struct ngram_config {
	uint32_t seed, bits;           /* of the hash; 8 to 32 bits are kept */
	uint32_t words;                /* up to this many words; 0: no word n-grams */
	uint32_t chars_min, chars_max; /* bytes; 0 and 0: no character n-grams */
};

struct ngram {
	uint32_t id;
	float value;
};

/* Reused for every text. */
struct ngrams {
	struct ngram *at; /* of the last text, each id once */
	size_t len, capacity;
	struct tokens tokens;
	struct buf padded, ids;
	struct hash_index by_id;
};

bool ngram_config_is_valid(const struct ngram_config *config);

/* text is valid UTF-8. */
void ngrams_read(struct ngrams *g, const struct ngram_config *config, const char *text, size_t len);
void ngrams_release(struct ngrams *g);

#endif
