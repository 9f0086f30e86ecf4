/* emit_item.h - what alignx-emit remembers of each exchange and pair.
 *
 * About 150 bytes an item; the texts stay in the spool.  Directions are kept
 * as two bit sets, so that agreement is two ANDs and a population count. */

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

int poles_count(const struct poles *p);
int poles_agree(const struct poles *a, const struct poles *b);	/* dimensions at the same pole */
int poles_conflict(const struct poles *a, const struct poles *b);

/* Which side of the split a text may stand on.  Splits are by user and thread: it may stand
 * in the test part only if the thread (its author where known, else the post) and every
 * author in it fall there, and in training only if none does.  Alignment sets are
 * training. */
enum side { SIDE_TRAIN, SIDE_TEST, SIDE_NEITHER };

struct emit_item {
	struct poles poles;
	struct direction direction;	/* of the comment, or of the pair */
	uint64_t rank;			/* stable order: hash of the ids with the seed */
	uint64_t user, post, community;	/* hashes; 0 where there is none */
	uint64_t offset;		/* in the spool */
	uint32_t len;
	bool is_pair;
	unsigned char source, side;
};

struct emit_item emit_item_of_exchange(const struct exchange *x,
    double dead_zone, double test_share, uint64_t seed);
struct emit_item emit_item_of_pair(const struct pair *x, double test_share,
    uint64_t seed);

#endif
