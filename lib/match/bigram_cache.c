#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "lib/match/bigram_cache.h"

enum { PLACES = 1 << PAIRS_BITS,
	PARTS = 1 << 18, LISTS = 1 << 15,	/* before all are forgotten */
	LIST_SLOTS = 2 * LISTS };

enum { EMPTY };				/* the list of pairs that have nothing in common */

void
pairs_init(struct pairs *p, const struct rows *rows, const uint32_t *first_way, size_t ways)
{
	p->rows = rows;
	p->first_way = first_way;
	p->slot = arena_array(PLACES, sizeof(*p->slot));
	p->part = arena_array(PARTS + ways / 64 + 2, sizeof(*p->part));
	p->list_slot = arena_array(LIST_SLOTS, sizeof(*p->list_slot));
	p->len = EMPTY + 1;
}

void
pairs_forget(struct pairs *p)
{
	memset(p->slot, 0, PLACES * sizeof(*p->slot));
	memset(p->list_slot, 0, LIST_SLOTS * sizeof(*p->list_slot));
	p->len = EMPTY + 1;
	p->lists = 0;
}

void
pairs_release(struct pairs *p)
{
	free(p->slot);
	free(p->part);
	free(p->list_slot);
	*p = (struct pairs){ 0 };
}

static void
add_way(struct pairs *p, uint32_t first_part, uint32_t way)
{
	if (p->len == first_part || p->part[p->len - 1].word != way / 64)
		p->part[p->len++] = (struct pairs_part){ 0, way / 64, 0 };
	p->part[p->len - 1].bits |= (uint64_t)1 << way % 64;
}

/* The list behind all that are known, which may be one of these. */
static uint32_t
find_list(struct pairs *p, uint32_t from)
{
	const size_t size = (p->len - from) * sizeof(*p->part);
	size_t i = XXH3_64bits(p->part + from, size) % LIST_SLOTS;

	for (; p->list_slot[i] != 0; i = (i + 1) % LIST_SLOTS) {
		const uint32_t at = p->list_slot[i];

		if (at + (p->len - from) <= from && memcmp(p->part + at, p->part + from, size) == 0) {
			p->len = from;
			return at;
		}
	}
	p->lists++;
	return p->list_slot[i] = from;
}

static void
add_ways(struct pairs *p, uint32_t first_part, const uint32_t *first_way)
{
	for (uint32_t way = first_way[0]; way < first_way[1]; way++)
		add_way(p, first_part, way);
}

/* Finds out what is in both rows; where it is listed. */
uint32_t
pairs_list(struct pairs *p, uint32_t pair)
{
	const uint64_t *a = rows_at(p->rows, pair >> 16);
	const uint64_t *b = rows_at(p->rows, pair & UINT16_MAX);
	struct pairs_slot *s = pairs_slot(p, pair);
	uint32_t from;

	if (p->len > PARTS || p->lists == LISTS)
		pairs_forget(p);
	from = (uint32_t)p->len;
	for (size_t i = 0; i < p->rows->words; i++)
		for (uint64_t both = a[i] & b[i]; both != 0; both &= both - 1)
			add_ways(p, from, &p->first_way[64 * i + (size_t)__builtin_ctzll(both)]);
	if (p->len > from)
		p->part[p->len++] = (struct pairs_part){ 0, 0, 0 };
	s[1] = s[0];
	s[0] = (struct pairs_slot){ pair, p->len > from ? find_list(p, from) : EMPTY };
	return s[0].at;
}
