/* hash_index.h - finds items of an array by hash: an open-addressing index of their numbers.
 *
 * The caller owns the array of items and compares them:
 *
 *	struct hash_probe p = hash_index_probe(&x, hash);
 *	while (hash_probe_next(&p))
 *		if (is_equal(&item[p.number], key))
 *			return p.number;
 *	hash_index_add(&x, hash, number_of_the_new_item);
 *
 * A zeroed struct is an empty index.  A slot takes 8 bytes, and at most half of the slots
 * are used.  Items cannot be removed one by one.  Only the low 32 bits of a hash are used. */

#ifndef ALIGNX_LIB_CORE_HASH_INDEX_H
#define ALIGNX_LIB_CORE_HASH_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hash_slot {
	uint32_t hash;
	uint32_t number; /* 1 + the number of the item; 0: free */
};

struct hash_index {
	struct hash_slot *slot; /* mask + 1 of them; NULL while empty */
	size_t mask, len;
};

/* A walk over the items with an equal hash. */
struct hash_probe {
	const struct hash_index *index;
	size_t at;
	uint32_t hash;
	uint32_t number; /* of the item that hash_probe_next() found */
};

/* Adds an item that is not in the index yet; number is less than UINT32_MAX. */
void hash_index_add(struct hash_index *x, uint64_t hash, size_t number);

void hash_index_clear(struct hash_index *x); /* keeps its memory */
void hash_index_release(struct hash_index *x);

static inline struct hash_probe
hash_index_probe(const struct hash_index *x, uint64_t hash)
{
	return (struct hash_probe){ x, (uint32_t)hash & x->mask, (uint32_t)hash, 0 };
}

/* Finds the next item with this hash; false: there are no more. */
static inline bool
hash_probe_next(struct hash_probe *p)
{
	const struct hash_index *x = p->index;

	if (x->slot == NULL)
		return false;
	for (;;) {
		const struct hash_slot *s = &x->slot[p->at];

		if (s->number == 0)
			return false;
		p->at = (p->at + 1) & x->mask;
		if (s->hash == p->hash) {
			p->number = s->number - 1;
			return true;
		}
	}
}

#endif
