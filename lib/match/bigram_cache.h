/* extract_pairs.h - which ways of patterns two words open, remembered.
 *
 * For extract_starts.c.  The starts that may begin with a word and have the next one
 * second are in both their rows (extract_openings.h); each stands for a few ways
 * (extract_needs.h).  Most pairs of words have been met before, so that rows are hardly
 * ever looked into. */

#ifndef ALIGNX_STAGES_EXTRACT_PAIRS_H
#define ALIGNX_STAGES_EXTRACT_PAIRS_H

#include "lib/match/bitset_pool.h"

enum { PAIRS_BITS = 16 };		/* of the number of places */

/* Of 64 ways in a row, which; not none, but behind the last of a list. */
struct pairs_part {
	uint64_t bits;
	uint32_t word;			/* which 64 */
	uint32_t zero;			/* so that parts may be compared byte by byte */
};

struct pairs_slot {
	uint32_t pair;			/* two rows; 0: none */
	uint32_t at;			/* of the list */
};

struct pairs {
	const struct rows *rows;	/* of starts */
	const uint32_t *first_way;	/* of each of them, and of one behind the last */
	struct pairs_slot (*slot)[2];	/* of those that have the same place, the last ones */
	struct pairs_part *part;		/* of all lists, each with one without bits behind it */
	size_t len;
	uint32_t *list_slot;		/* list by hash: each is there once */
	size_t lists;
};

/* Both stay. */
void pairs_init(struct pairs *p, const struct rows *rows, const uint32_t *first_way,
    size_t ways);

/* When the rows were forgotten. */
void pairs_forget(struct pairs *p);
void pairs_release(struct pairs *p);

uint32_t pairs_list(struct pairs *p, uint32_t pair);

static inline struct pairs_slot *
pairs_slot(const struct pairs *p, uint32_t pair)
{
	return p->slot[pair * 0x9e3779b1u >> (32 - PAIRS_BITS)];
}

/* Asks for what is known of two rows from memory. */
static inline void
pairs_fetch(const struct pairs *p, uint32_t first, uint32_t second)
{
	__builtin_prefetch(pairs_slot(p, first << 16 | second));
}

/* The same, when that was asked for some time ago, of the list. */
static inline void
pairs_fetch_list(const struct pairs *p, uint32_t first, uint32_t second)
{
	__builtin_prefetch(p->part + pairs_slot(p, first << 16 | second)->at);
}

/* The ways of what is in both rows, up to a part without bits; until the next call. */
static inline const struct pairs_part *
pairs_find(struct pairs *p, uint32_t first, uint32_t second)
{
	const uint32_t pair = first << 16 | second;
	const struct pairs_slot *s = pairs_slot(p, pair);

	if (s[0].pair == pair)
		return p->part + s[0].at;
	return p->part + (s[1].pair == pair ? s[1].at : pairs_list(p, pair));
}

#endif
