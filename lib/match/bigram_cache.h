/* bigram_cache.h - which patterns may begin with two given words.
 *
 * The intersection of the patterns that may begin with the first word and of those that may
 * continue with the second (first_words.h), cached, since most pairs of words recur.  A
 * result is a sparse bitset: its nonzero words of 64 bits, and one without bits after them. */

#ifndef ALIGNX_LIB_MATCH_BIGRAM_CACHE_H
#define ALIGNX_LIB_MATCH_BIGRAM_CACHE_H

#include "lib/match/bitset_pool.h"

enum { BIGRAM_CACHE_BITS = 16 }; /* of the number of slots */

struct bitset_word {
	uint64_t bits;
	uint64_t word; /* its place in the bitset */
};

struct bigram_slot {
	uint32_t bigram; /* two numbers of bitsets; 0: free */
	uint32_t at;     /* the result, in bigram_cache.word */
};

/* A two-way cache that is read for each word of a text, hence not a hash_index: a slot has no
 * chain to walk, and recent pairs replace old ones. */
struct bigram_cache {
	const struct bitset_pool *pool;
	struct bigram_slot (*slot)[2]; /* the more recent first */
	struct bitset_word *word;      /* all results */
	size_t len;
	struct hash_index index; /* of results, each kept once */
};

void bigram_cache_init(struct bigram_cache *p, const struct bitset_pool *pool);

/* When the pool was reset. */
void bigram_cache_reset(struct bigram_cache *p);
void bigram_cache_release(struct bigram_cache *p);

uint32_t bigram_cache_compute(struct bigram_cache *p, uint32_t bigram);

static inline struct bigram_slot *
bigram_cache_slot(const struct bigram_cache *p, uint32_t bigram)
{
	return p->slot[bigram * 0x9e3779b1u >> (32 - BIGRAM_CACHE_BITS)];
}

static inline void
bigram_cache_prefetch(const struct bigram_cache *p, uint32_t first, uint32_t second)
{
	__builtin_prefetch(bigram_cache_slot(p, first << 16 | second));
}

/* The second step, some time after the first: the result. */
static inline void
bigram_cache_prefetch_set(const struct bigram_cache *p, uint32_t first, uint32_t second)
{
	__builtin_prefetch(p->word + bigram_cache_slot(p, first << 16 | second)->at);
}

/* Valid until the next call. */
static inline const struct bitset_word *
bigram_cache_get(struct bigram_cache *p, uint32_t first, uint32_t second)
{
	const uint32_t bigram = first << 16 | second;
	const struct bigram_slot *s = bigram_cache_slot(p, bigram);

	if (s[0].bigram == bigram)
		return p->word + s[0].at;
	return p->word + (s[1].bigram == bigram ? s[1].at : bigram_cache_compute(p, bigram));
}

#endif
