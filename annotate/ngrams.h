/* map_ngrams.h - a text as a set of hashed n-grams of words and of characters.
 *
 * Words are the tokens that rules see (extract_tokens.h), folded; runs of
 * characters are taken within a token with a blank on either side, as bytes.
 * An n-gram is known by some bits of its hash alone, so that no dictionary
 * travels with a model (Weinberger and others 2009, arXiv 0902.2206).
 *
 * Which n-grams a text has counts, not how often; each of the two kinds has
 * the length 1, so that long texts weigh no more than short ones. */

#ifndef ALIGNX_ANNOTATE_NGRAMS_H
#define ALIGNX_ANNOTATE_NGRAMS_H

#include "lib/match/tokens.h"

enum { NGRAMS_WORDS_MAX = 4, NGRAMS_CHARS_MAX = 8, NGRAMS_BITS_MIN = 8 };

/* How texts are read; part of a model. */
struct ngram_config {
	uint32_t seed, bits;		/* of the hash that are kept, 8 to 32 */
	uint32_t words;			/* runs of 1 to so many; 0: none */
	uint32_t chars_min, chars_max;	/* runs of so many bytes; 0 and 0: none */
};

struct ngram {
	uint32_t id;
	float value;
};

/* One per program, reused for every text. */
struct ngrams {
	struct ngram *at;	/* of the text read last, each id once */
	size_t len, room;
	struct tokens tokens;
	struct buf padded, ids;
	uint32_t *slot;		/* index + 1 by id */
	size_t slots;
};

bool ngram_config_is_valid(const struct ngram_config *form);

/* text is valid UTF-8. */
void ngrams_read(struct ngrams *g, const struct ngram_config *form,
    const char *text, size_t len);
void ngrams_release(struct ngrams *g);

#endif
