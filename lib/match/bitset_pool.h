/* bitset_pool.h - sets of patterns as bitsets, each kept once and known by a number.
 *
 * Memory is bounded: when it is full, a new set is BITSET_ALL until bitset_pool_reset(). */

#ifndef ALIGNX_LIB_MATCH_BITSET_POOL_H
#define ALIGNX_LIB_MATCH_BITSET_POOL_H

#include <stdbool.h>

#include "lib/core/hash_index.h"

enum {
	BITSET_EMPTY,
	BITSET_ALL,
	BITSET_POOL_MAX = 1 << 14, /* so that numbers fit into 16 bits */
};

struct bitset_pool {
	size_t words;   /* of 64 bits, in a set */
	uint64_t *bits; /* of all sets */
	size_t len;
	uint64_t *current; /* the set that is being made */
	struct hash_index index;
	bool is_full;
};

void bitset_pool_init(struct bitset_pool *r, size_t bits);
void bitset_pool_reset(struct bitset_pool *r);
void bitset_pool_release(struct bitset_pool *r);

static inline bool
bitset_pool_is_full(const struct bitset_pool *r)
{
	return r->is_full;
}

static inline const uint64_t *
bitset_pool_get(const struct bitset_pool *r, uint32_t set)
{
	return r->bits + set * r->words;
}

/* Makes a set: bitset_pool_begin(), each bit, bitset_pool_end(). */
void bitset_pool_begin(struct bitset_pool *r);

static inline void
bitset_pool_add(struct bitset_pool *r, uint32_t bit)
{
	r->current[bit / 64] |= (uint64_t)1 << bit % 64;
}

uint32_t bitset_pool_end(struct bitset_pool *r);

#endif
