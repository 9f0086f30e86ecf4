/* item.h - an exchange or a pair, without its texts, for alignx-emit.
 *
 * The texts stay in the spool.  Directions are two bit sets, so that agreement is a few
 * ANDs and population counts. */

#ifndef ALIGNX_STAGES_EMIT_ITEM_H
#define ALIGNX_STAGES_EMIT_ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/messages.h"

/* The non-neutral dimensions of a direction: those at 1 and those at 0. */
struct poles {
	uint64_t high[2], low[2];
};

int poles_count(const struct poles *p);                        /* dimensions that are not neutral */
int poles_agree(const struct poles *a, const struct poles *b); /* number at the same pole */
int poles_conflict(const struct poles *a, const struct poles *b);

/* Where an item may stand; split.h. */
enum split_side { SIDE_TRAIN, SIDE_TEST, SIDE_NEITHER, SIDE_EITHER };

/* Whose texts are in an item, in addition to those of its user. */
enum item_author { AUTHOR_OF_POST, AUTHOR_OF_PROMPT, AUTHOR_OF_REJECTED, ITEM_AUTHORS };

struct emit_item {
	struct poles poles;
	struct direction direction;       /* of the comment, or of the pair */
	uint64_t rank;                    /* order of items: hash of the id with the seed */
	uint64_t user, thread, community; /* hashes; 0: none */
	uint64_t author[ITEM_AUTHORS];    /* the same */
	uint64_t chosen;                  /* hash of the id of the comment or preferred response */
	int64_t created;                  /* of the thread; INT64_MIN: not known */
	uint64_t offset;                  /* in the spool */
	uint32_t len;
	bool is_pair;
	unsigned char source;
	unsigned char side, history_side; /* as a record, and in the history of one */
};

/* May it be in the history of this record, as far as the split goes? */
static inline bool
emit_item_is_on_side_of(const struct emit_item *x, const struct emit_item *record)
{
	return x->history_side == record->side || x->history_side == SIDE_EITHER;
}

struct emit_item emit_item_of_exchange(const struct exchange *x, double dead_zone, uint64_t seed);
struct emit_item emit_item_of_pair(const struct pair *x, uint64_t seed);

#endif
