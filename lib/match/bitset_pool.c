#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "lib/match/bitset_pool.h"

enum { SLOTS = 4 * ROWS_MOST };

static size_t
size_of(const struct rows *r)
{
	return r->words * sizeof(*r->row);
}

void
rows_init(struct rows *r, size_t bits)
{
	*r = (struct rows){ .words = bits / 64 + 1 };
	r->row = arena_array(ROWS_MOST * r->words, sizeof(*r->row));
	r->made = arena_array(r->words, sizeof(*r->made));
	r->slot = arena_array(SLOTS, sizeof(*r->slot));
	memset(r->row + ROWS_ANY * r->words, 0xff, bits / 64 * sizeof(*r->row));
	r->row[(ROWS_ANY + 1) * r->words - 1] = ((uint64_t)1 << bits % 64) - 1;
	r->len = ROWS_ANY + 1;
}

void
rows_forget(struct rows *r)
{
	memset(r->slot, 0, SLOTS * sizeof(*r->slot));
	r->len = ROWS_ANY + 1;
	r->is_full = false;
}

void
rows_release(struct rows *r)
{
	free(r->row);
	free(r->made);
	free(r->slot);
	*r = (struct rows){ 0 };
}

void
rows_begin(struct rows *r)
{
	memset(r->made, 0, size_of(r));
}

uint32_t
rows_end(struct rows *r)
{
	uint64_t all = 0;
	size_t i;

	for (i = 0; i < r->words; i++)
		all |= r->made[i];
	if (all == 0)
		return ROWS_NONE;
	i = XXH3_64bits(r->made, size_of(r)) % SLOTS;
	for (; r->slot[i] != ROWS_NONE; i = (i + 1) % SLOTS)
		if (memcmp(rows_at(r, r->slot[i]), r->made, size_of(r)) == 0)
			return r->slot[i];
	if (r->len == ROWS_MOST) {
		r->is_full = true;
		return ROWS_ANY;
	}
	memcpy(r->row + r->len * r->words, r->made, size_of(r));
	r->slot[i] = (uint16_t)r->len;
	return (uint32_t)r->len++;
}
