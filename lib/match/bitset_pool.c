#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "lib/match/bitset_pool.h"

static size_t
size_of(const struct bitset_pool *r)
{
	return r->words * sizeof(*r->bits);
}

void
bitset_pool_init(struct bitset_pool *r, size_t bits)
{
	*r = (struct bitset_pool){ .words = bits / 64 + 1 };
	r->bits = arena_calloc(BITSET_POOL_MAX * r->words, sizeof(*r->bits));
	r->current = arena_calloc(r->words, sizeof(*r->current));
	memset(r->bits + BITSET_ALL * r->words, 0xff, bits / 64 * sizeof(*r->bits));
	r->bits[(BITSET_ALL + 1) * r->words - 1] = ((uint64_t)1 << bits % 64) - 1;
	r->len = BITSET_ALL + 1;
}

void
bitset_pool_reset(struct bitset_pool *r)
{
	hash_index_clear(&r->index);
	r->len = BITSET_ALL + 1;
	r->is_full = false;
}

void
bitset_pool_release(struct bitset_pool *r)
{
	free(r->bits);
	free(r->current);
	hash_index_release(&r->index);
	*r = (struct bitset_pool){ 0 };
}

void
bitset_pool_begin(struct bitset_pool *r)
{
	memset(r->current, 0, size_of(r));
}

static bool
is_empty(const struct bitset_pool *r)
{
	uint64_t all = 0;

	for (size_t i = 0; i < r->words; i++)
		all |= r->current[i];
	return all == 0;
}

uint32_t
bitset_pool_end(struct bitset_pool *r)
{
	uint64_t hash;
	struct hash_probe probe;

	if (is_empty(r))
		return BITSET_EMPTY;
	hash = XXH3_64bits(r->current, size_of(r));
	probe = hash_index_probe(&r->index, hash);
	while (hash_probe_next(&probe))
		if (memcmp(bitset_pool_get(r, probe.number), r->current, size_of(r)) == 0)
			return probe.number;
	if (r->len == BITSET_POOL_MAX) {
		r->is_full = true;
		return BITSET_ALL;
	}
	memcpy(r->bits + r->len * r->words, r->current, size_of(r));
	hash_index_add(&r->index, hash, r->len);
	return (uint32_t)r->len++;
}
