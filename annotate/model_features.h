/* model_features.h - a text as features of a linear model.
 *
 * Words are the tokens of lib/match/tokens.h, folded.  With n the number of different words,
 * each has the value 1 / sqrt(n + 1), and each of its character n-grams (bytes of the word with
 * a space on either side) a share of that; each of m different n-grams of several words has
 * 0.7 / sqrt(m + 1).  A signal of a rule has 0.3, and 0.3 again if it has two hits or more;
 * signals of communities have no part: a text must show something by itself.  The shape of a
 * text, its length and a few signs, has 0.3 to 0.5.
 *
 * A feature is known only by some bits of its hash, so a model needs no dictionary
 * (Weinberger and others 2009, arXiv 0902.2206). */

#ifndef ALIGNX_ANNOTATE_MODEL_FEATURES_H
#define ALIGNX_ANNOTATE_MODEL_FEATURES_H

#include "lib/core/hash_index.h"
#include "lib/match/tokens.h"
#include "schema/messages.h"

enum { NGRAMS_WORDS_MAX = 4, NGRAMS_CHARS_MAX = 8, NGRAMS_BITS_MIN = 8 };

/* How n-grams are made; part of a model. */
struct ngram_config {
	uint32_t seed, bits;           /* of the hash; 8 to 32 bits are kept */
	uint32_t words;                /* up to this many words, at least 1 */
	uint32_t chars_min, chars_max; /* bytes; 0 and 0: no character n-grams */
};

struct model_feature {
	uint32_t id;
	float value;
};

/* Reused for every text. */
struct model_features {
	struct model_feature *at; /* of the last text, each id once */
	size_t len, capacity;
	struct tokens tokens;
	struct buf padded, ids, words;
	struct hash_index by_id;
};

/* Marks of the shape of a text, as numbers of bits: the length, then signs. */
enum {
	SHAPE_LENGTHS = 10, /* the power of two of the number of words, up to 9 */
	SHAPE_QUESTION = SHAPE_LENGTHS,
	SHAPE_EXCLAMATION,
	SHAPE_LINK,
	SHAPE_LINES, /* more than three line feeds */
	SHAPE_CAPITALS,
	SHAPE_MARKS
};

bool ngram_config_is_valid(const struct ngram_config *config);

/* The marks of a text with this many words. */
uint32_t model_shape(const struct text *text, size_t words);

/* Does the model read it? */
bool model_reads_signal(const struct signal *s);

/* text is valid UTF-8; signals are those that rules found in it. */
void model_features_read(struct model_features *g, const struct ngram_config *config,
    const struct text *text, const struct list *signals);
void model_features_release(struct model_features *g);

#endif
