/* item_index.h - all items of a shard, and the candidates for a persona.
 *
 * `author`: the candidates for a record are the items of its user.
 * `matched`: they come from the whole shard, a bounded number from the list of items
 * at each pole of the record's direction, from a start that depends on the record
 * alone. */

#ifndef ALIGNX_STAGES_EMIT_ITEM_INDEX_H
#define ALIGNX_STAGES_EMIT_ITEM_INDEX_H

#include "lib/io/spill_array.h"
#include "stages/emit/item.h"

struct item_index {
	struct spill_array_limit limit; /* set by the caller */
	struct spill_array items, lists;
	struct emit_item *item; /* after item_index_build(): by user and rank */
	size_t len;
	uint32_t *list[DIMENSIONS][2]; /* items at pole 0 and 1, by rank */
	uint32_t list_len[DIMENSIONS][2];
	const struct emit_item **found; /* the last candidates */
	size_t found_room;
};

/* -2: the disk is full. */
int item_index_add(struct item_index *x, const struct emit_item *item, struct fault *f);

/* Sorts the items and makes the lists for matching; -2: the disk is full. */
int item_index_build(struct item_index *x, struct fault *f);

/* The end of the run of items of the user of item i. */
size_t item_index_user_end(const struct item_index *x, size_t i);

/* The n candidates for a record: a view until the next call. */
const struct emit_item **item_index_of_user(struct item_index *x, size_t begin, size_t end,
    size_t *n);
const struct emit_item **item_index_matched(struct item_index *x, const struct emit_item *record,
    size_t *n);

void item_index_release(struct item_index *x);

#endif
