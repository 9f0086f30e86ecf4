/* dedup_groups.h - which records say the same, and which of them stays.
 *
 * Records are known by number, from 0; the one that comes first in a stable
 * order (time, id, text, input) stays.  Exact: the same 128-bit hash.  Near:
 * records that share a band key are joined to the first of their bucket, never
 * pairwise, so a bucket costs what it holds. */

#ifndef ALIGNX_STAGES_DEDUP_GROUPS_H
#define ALIGNX_STAGES_DEDUP_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/io/spill_array.h"

struct dedup_record {
	uint64_t hash[2];	/* of the group and the normalised text */
	int64_t created;
	uint64_t id;		/* hash */
	uint64_t offset;	/* in the spool */
	uint32_t len;
	uint32_t keeper;	/* record that stays for it; itself if it stays */
	unsigned char group;	/* only records of one group are compared */
};

/* Sets the keeper of all records with equal hashes; -2 if there is no room. */
int dedup_exact(struct dedup_record *r, size_t n, const struct room_limit *l,
    struct fault *f);

/* A band key of a record. */
struct dedup_key {
	uint64_t key;
	uint32_t record;
};

/* May two records be joined?  For true Jaccard; NULL: always. */
typedef bool dedup_same_fn(void *with, uint32_t a, uint32_t b);

/* Joins the records of one band: keys are sorted in place, with as much room
 * beside them.  After all bands,
 * dedup_settle() makes the first of each group its keeper. */
void dedup_band(const struct dedup_record *r, uint32_t *parent, struct dedup_key *key,
    struct dedup_key *beside, size_t n, dedup_same_fn *same, void *with);
void dedup_settle(struct dedup_record *r, uint32_t *parent, size_t n);

#endif
