#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "lib/match/bigram_cache.h"

enum { SLOTS = 1 << BIGRAM_CACHE_BITS, WORDS = 1 << 18 }; /* before all are forgotten */

enum { EMPTY }; /* the result without bits */

void
bigram_cache_init(struct bigram_cache *p, const struct bitset_pool *pool)
{
	p->pool = pool;
	p->slot = arena_calloc(SLOTS, sizeof(*p->slot));
	p->word = arena_calloc(WORDS + pool->words + 1, sizeof(*p->word));
	p->len = EMPTY + 1;
}

void
bigram_cache_reset(struct bigram_cache *p)
{
	memset(p->slot, 0, SLOTS * sizeof(*p->slot));
	hash_index_clear(&p->index);
	p->len = EMPTY + 1;
}

void
bigram_cache_release(struct bigram_cache *p)
{
	free(p->slot);
	free(p->word);
	hash_index_release(&p->index);
	*p = (struct bigram_cache){ 0 };
}

/* Drops the last result if it is there already. */
static uint32_t
intern(struct bigram_cache *p, uint32_t last)
{
	const size_t len = p->len - last, size = len * sizeof(*p->word);
	const uint64_t hash = XXH3_64bits(p->word + last, size);
	struct hash_probe probe = hash_index_probe(&p->index, hash);

	while (hash_probe_next(&probe))
		if (probe.number + len <= last
		    && memcmp(p->word + probe.number, p->word + last, size) == 0) {
			p->len = last;
			return probe.number;
		}
	hash_index_add(&p->index, hash, last);
	return last;
}

uint32_t
bigram_cache_compute(struct bigram_cache *p, uint32_t bigram)
{
	const uint64_t *a = bitset_pool_get(p->pool, bigram >> 16);
	const uint64_t *b = bitset_pool_get(p->pool, bigram & UINT16_MAX);
	struct bigram_slot *s = bigram_cache_slot(p, bigram);
	uint32_t from;

	if (p->len > WORDS)
		bigram_cache_reset(p);
	from = (uint32_t)p->len;
	for (size_t i = 0; i < p->pool->words; i++)
		if ((a[i] & b[i]) != 0)
			p->word[p->len++] = (struct bitset_word){ a[i] & b[i], i };
	if (p->len > from)
		p->word[p->len++] = (struct bitset_word){ 0, 0 };
	s[1] = s[0];
	s[0] = (struct bigram_slot){ bigram, p->len > from ? intern(p, from) : EMPTY };
	return s[0].at;
}
