/* model_hash.h - the ids and values of the features of a text (model_features.h).
 *
 * For model_features.c, which lists them, and linear_scorer.c, which caches those of a word. */

#ifndef ALIGNX_ANNOTATE_MODEL_HASH_H
#define ALIGNX_ANNOTATE_MODEL_HASH_H

#include <math.h>
#include <string.h>
#include <xxhash.h>

#include "annotate/model_features.h"

/* What keeps features of other kinds than n-grams apart from them and from each other. */
enum { FEATURE_OF_SIGNAL = 0x100, FEATURE_OF_SHAPE = 0x200 };

#define MODEL_SIGNAL_VALUE 0.3F

/* Mixes two hashes, or a hash and a number. */
static inline uint64_t
model_mix(uint64_t a, uint64_t b)
{
	uint64_t x = (a ^ (b + 0x9e3779b97f4a7c15u)) * 0xff51afd7ed558ccdu;

	return (x ^ (x >> 32)) * 0xc4ceb9fe1a85ec53u;
}

static inline uint32_t
model_id(const struct ngram_config *config, uint64_t hash)
{
	return (uint32_t)(hash >> (64 - config->bits));
}

static inline uint64_t
model_word_hash(const struct ngram_config *config, const char *key, size_t len)
{
	return XXH3_64bits_withSeed(key, len, config->seed);
}

/* The hashes of the n-grams that end with the last word, shortest first. */
struct ngram_window {
	uint64_t at[NGRAMS_WORDS_MAX];
	uint32_t len, sentence;
};

/* Moves on by a word; n-grams do not cross sentences. */
static inline void
ngram_window_push(struct ngram_window *w, const struct ngram_config *config, uint32_t sentence,
    uint64_t word)
{
	if (sentence != w->sentence)
		w->len = 0;
	w->sentence = sentence;
	if (w->len < config->words)
		w->len++;
	for (uint32_t k = w->len - 1; k > 0; k--)
		w->at[k] = model_mix(w->at[k - 1], word);
	w->at[0] = word;
}

/* The id of the n-gram of k + 1 words. */
static inline uint32_t
ngram_window_id(const struct ngram_window *w, const struct ngram_config *config, uint32_t k)
{
	return model_id(config, model_mix(w->at[k], k));
}

/* The most character n-grams that a word of len bytes has. */
static inline size_t
ngram_chars_max(const struct ngram_config *config, size_t len)
{
	return (len + 2) * (config->chars_max - config->chars_min + 1);
}

/* Sets the ids of the character n-grams of a word, some perhaps twice; returns their number. */
static inline size_t
ngram_chars(const struct ngram_config *config, struct buf *padded, const char *key, size_t len,
    uint32_t *ids)
{
	size_t found = 0;

	if (config->chars_max == 0)
		return 0;
	buf_clear(padded);
	buf_add_byte(padded, ' ');
	buf_add(padded, key, len);
	buf_add_byte(padded, ' ');
	for (size_t at = 0; at < padded->len; at++)
		for (size_t n = config->chars_min; n <= config->chars_max && n <= padded->len - at;
		     n++) {
			uint64_t bytes = 0;

			memcpy(&bytes, padded->data + at, n);
			ids[found++] = model_id(config,
			    model_mix(model_mix(bytes, n), config->seed));
		}
	return found;
}

/* The value of each of n different words, and of each of n different n-grams of words. */
static inline float
model_word_value(size_t n)
{
	return 1.0F / sqrtf((float)(n + 1));
}

static inline float
model_phrase_value(size_t n)
{
	return 0.7F / sqrtf((float)(n + 1));
}

/* The value of a character n-gram of a word of len bytes, relative to that of the word. */
static inline float
model_char_factor(size_t len)
{
	return 1.7F / sqrtf(3.0F * (float)(len + 2));
}

/* The id of a signal of a rule; is_twice: it has two hits or more. */
static inline uint32_t
model_signal_id(const struct ngram_config *config, const struct signal *s, bool is_twice)
{
	uint64_t rule = XXH3_64bits_withSeed(s->rule.ptr, s->rule.len, config->seed);

	return model_id(config,
	    model_mix(rule, FEATURE_OF_SIGNAL + 2 * (uint64_t)s->pole + is_twice));
}

/* The id and value of a mark of model_shape(). */
static inline uint32_t
model_shape_id(const struct ngram_config *config, int mark)
{
	return model_id(config, model_mix(config->seed, FEATURE_OF_SHAPE + (uint64_t)mark));
}

static inline float
model_shape_value(int mark)
{
	return mark < SHAPE_LENGTHS ? 0.5F : 0.3F;
}

#endif
