/* emit_pool.h - all items of a shard, and where to look for a persona.
 *
 * `author`: the pool of a record is what its user wrote and preferred.
 * `matched`: the pool is the shard, looked into through lists of the items at
 * each pole of each dimension, a bounded number from each, beginning at a
 * place that depends on the record alone. */

#ifndef ALIGNX_STAGES_EMIT_POOL_H
#define ALIGNX_STAGES_EMIT_POOL_H

#include "lib/io/spill_array.h"
#include "stages/emit/item.h"

struct pool {
	struct room_limit limit;	/* set at the start */
	struct room items, lists;
	struct emit_item *item;		/* after pool_ready(): by user, then rank */
	size_t len;
	uint32_t *list[DIMENSIONS][2];	/* items at pole 0 and 1, by rank */
	uint32_t list_len[DIMENSIONS][2];
	const struct emit_item **found;	/* the last answer */
	size_t found_room;
};

/* -2 with a fault if there is no room on the disk. */
int pool_add(struct pool *p, const struct emit_item *item, struct fault *f);

/* Sorts, and makes the lists where matching is wanted; -2. */
int pool_ready(struct pool *p, bool is_matched, struct fault *f);

/* The run of items of the user of item i: its end. */
size_t pool_user_end(const struct pool *p, size_t i);

/* Candidates for a record, n of them: a view until the next call. */
const struct emit_item **pool_of_user(struct pool *p, size_t begin, size_t end,
    size_t *n);
const struct emit_item **pool_matched(struct pool *p,
    const struct emit_item *record, size_t *n);

void pool_release(struct pool *p);

#endif
