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

/* The split is by user and thread: an item is in the test split only if its thread (the
 * author of the post if known, else the post) and all its authors hash there, in the
 * training split only if none does.  Alignment sets are training data. */
enum split_side { SIDE_TRAIN, SIDE_TEST, SIDE_NEITHER };

struct emit_item {
	struct poles poles;
	struct direction direction;     /* of the comment, or of the pair */
	uint64_t rank;                  /* order of items: hash of the id with the seed */
	uint64_t user, post, community; /* hashes; 0: none */
	uint64_t offset;                /* in the spool */
	uint32_t len;
	bool is_pair;
	unsigned char source, side;
};

struct emit_item emit_item_of_exchange(const struct exchange *x, double dead_zone,
    double test_share, uint64_t seed);
struct emit_item emit_item_of_pair(const struct pair *x, double test_share, uint64_t seed);

#endif
