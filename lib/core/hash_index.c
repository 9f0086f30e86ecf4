#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/core/hash_index.h"

enum { SLOTS_MIN = 64 };

static void
put(struct hash_index *x, struct hash_slot s)
{
	size_t at = s.hash & x->mask;

	while (x->slot[at].number != 0)
		at = (at + 1) & x->mask;
	x->slot[at] = s;
}

static void
grow(struct hash_index *x)
{
	struct hash_index old = *x;
	const size_t slots = old.slot == NULL ? SLOTS_MIN : 2 * (old.mask + 1);

	x->slot = arena_calloc(slots, sizeof(*x->slot));
	x->mask = slots - 1;
	for (size_t i = 0; old.slot != NULL && i <= old.mask; i++)
		if (old.slot[i].number != 0)
			put(x, old.slot[i]);
	free(old.slot);
}

void
hash_index_add(struct hash_index *x, uint64_t hash, size_t number)
{
	if (x->slot == NULL || x->len > x->mask / 2)
		grow(x);
	put(x, (struct hash_slot){ (uint32_t)hash, (uint32_t)number + 1 });
	x->len++;
}

void
hash_index_clear(struct hash_index *x)
{
	if (x->len > 0)
		memset(x->slot, 0, (x->mask + 1) * sizeof(*x->slot));
	x->len = 0;
}

void
hash_index_release(struct hash_index *x)
{
	free(x->slot);
	*x = (struct hash_index){ 0 };
}
