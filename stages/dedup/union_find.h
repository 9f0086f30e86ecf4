/* union_find.h - groups duplicate records, and decides which record of a group is kept.
 *
 * The first in a stable order (time, id, text, input) is kept.  Exact duplicates have
 * the same 128-bit hash.  Near duplicates share a band key: they are joined to the
 * first of their bucket, never pairwise, so the work is linear in the bucket. */

#ifndef ALIGNX_STAGES_DEDUP_UNION_FIND_H
#define ALIGNX_STAGES_DEDUP_UNION_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/io/spill_array.h"

struct dedup_record {
	uint64_t hash[2]; /* of the group and the normalised text */
	int64_t created;
	uint64_t id;           /* hash */
	uint64_t user, thread; /* hashes; 0: not known */
	uint64_t offset;       /* in the spool */
	uint32_t len;
	uint32_t representative; /* the record of its group that is kept, perhaps itself */
	unsigned char group;     /* only records of one group are compared */
};

/* Sets the representatives by exact hash; -2: the disk is full. */
int dedup_exact(struct dedup_record *r, size_t n, const struct spill_array_limit *l,
    struct fault *f);

/* The number of records that are not their own representative. */
size_t dedup_count_dropped(const struct dedup_record *r, size_t n);

/* The key of a record in one band. */
struct dedup_key {
	uint64_t key;
	uint32_t record;
};

/* May two records be joined?  NULL: always. */
typedef bool dedup_same_fn(void *with, uint32_t a, uint32_t b);

/* Joins the records of one band; sorts its n keys in place, scratch has space for as
 * many.  After all bands, dedup_set_representatives() makes the root of each
 * group its representative. */
void dedup_join_band(const struct dedup_record *r, uint32_t *parent, struct dedup_key *key,
    struct dedup_key *scratch, size_t n, dedup_same_fn *same, void *with);
void dedup_set_representatives(struct dedup_record *r, uint32_t *parent, size_t n);

#endif
