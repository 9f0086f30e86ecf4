/* ngram_hash.h - the ids of the n-grams of a text: some bits of a hash.
 *
 * For ngrams.c, which lists those of a text, and ngram_scorer.c, which caches those of a
 * word. */

#ifndef ALIGNX_ANNOTATE_NGRAM_HASH_H
#define ALIGNX_ANNOTATE_NGRAM_HASH_H

#include <string.h>
#include <xxhash.h>

#include "annotate/ngrams.h"

/* Mixes two hashes, or a hash and a number. */
static inline uint64_t
ngram_mix(uint64_t a, uint64_t b)
{
	uint64_t x = (a ^ (b + 0x9e3779b97f4a7c15u)) * 0xff51afd7ed558ccdu;

	return (x ^ (x >> 32)) * 0xc4ceb9fe1a85ec53u;
}

static inline uint32_t
ngram_id(const struct ngram_config *config, uint64_t hash)
{
	return (uint32_t)(hash >> (64 - config->bits));
}

static inline uint64_t
ngram_word_hash(const struct ngram_config *config, const char *key, size_t len)
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
		w->at[k] = ngram_mix(w->at[k - 1], word);
	w->at[0] = word;
}

/* The id of the n-gram of k + 1 words. */
static inline uint32_t
ngram_window_id(const struct ngram_window *w, const struct ngram_config *config, uint32_t k)
{
	return ngram_id(config, ngram_mix(w->at[k], k));
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

	buf_clear(padded);
	buf_add_byte(padded, ' ');
	buf_add(padded, key, len);
	buf_add_byte(padded, ' ');
	for (size_t at = 0; at < padded->len; at++)
		for (size_t n = config->chars_min; n <= config->chars_max && n <= padded->len - at;
		     n++) {
			uint64_t bytes = 0;

			memcpy(&bytes, padded->data + at, n);
			ids[found++] = ngram_id(config,
			    ngram_mix(ngram_mix(bytes, n), config->seed));
		}
	return found;
}

#endif
