/* map_ngram.h - how the n-grams of a text are named: by some bits of a hash.
 *
 * For map_ngrams.h, which lists those of a text, and ngram_scorer.h, which remembers
 * those of a word. */

#ifndef ALIGNX_ANNOTATE_NGRAM_HASH_H
#define ALIGNX_ANNOTATE_NGRAM_HASH_H

#include <string.h>
#include <xxhash.h>

#include "annotate/ngrams.h"

/* Joins two hashes, or a hash and what else makes a difference. */
static inline uint64_t
ngram_mix(uint64_t a, uint64_t b)
{
	uint64_t x = (a ^ (b + 0x9e3779b97f4a7c15u)) * 0xff51afd7ed558ccdu;

	return (x ^ (x >> 32)) * 0xc4ceb9fe1a85ec53u;
}

static inline uint32_t
ngram_id(const struct ngram_config *form, uint64_t hash)
{
	return (uint32_t)(hash >> (64 - form->bits));
}

static inline uint64_t
ngram_word_hash(const struct ngram_config *form, const char *key, size_t len)
{
	return XXH3_64bits_withSeed(key, len, form->seed);
}

/* The runs of words that end with the last one, shortest first. */
struct ngram_window {
	uint64_t at[NGRAMS_WORDS_MAX];
	uint32_t len, sentence;
};

/* A word more; runs do not go on from one sentence to the next. */
static inline void
ngram_window_push(struct ngram_window *r, const struct ngram_config *form,
    uint32_t sentence, uint64_t word)
{
	if (sentence != r->sentence)
		r->len = 0;
	r->sentence = sentence;
	if (r->len < form->words)
		r->len++;
	for (uint32_t k = r->len - 1; k > 0; k--)
		r->at[k] = ngram_mix(r->at[k - 1], word);
	r->at[0] = word;
}

/* The name of its run of k + 1 words. */
static inline uint32_t
ngram_window_id(const struct ngram_window *r, const struct ngram_config *form, uint32_t k)
{
	return ngram_id(form, ngram_mix(r->at[k], k));
}

/* Names the runs of characters of a word, one after the other; some may stand twice.
 * ids has room for those of len bytes: ngram_chars_max(). */
static inline size_t
ngram_chars_max(const struct ngram_config *form, size_t len)
{
	return (len + 2) * (form->chars_max - form->chars_min + 1);
}

static inline size_t
ngram_chars(const struct ngram_config *form, struct buf *padded, const char *key,
    size_t len, uint32_t *ids)
{
	size_t found = 0;

	buf_clear(padded);
	buf_add_byte(padded, ' ');
	buf_add(padded, key, len);
	buf_add_byte(padded, ' ');
	for (size_t at = 0; at < padded->len; at++)
		for (size_t n = form->chars_min; n <= form->chars_max
		    && n <= padded->len - at; n++) {
			uint64_t run = 0;

			memcpy(&run, padded->data + at, n);
			ids[found++] = ngram_id(form, ngram_mix(ngram_mix(run, n),
			    form->seed));
		}
	return found;
}

#endif
