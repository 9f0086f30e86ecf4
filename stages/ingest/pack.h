/* ingest_pack.h - interactions as msgpack, fast.
 *
 * The same bytes as noun_pack() writes, for interactions as alignx-ingest
 * makes them (no signals, no unknown fields).  noun_pack() follows a table and
 * asks msgpack-c for every value; here the names are ready-made bytes and room
 * is asked for once, which takes a tenth of the time.  A test compares the
 * two. */

#ifndef ALIGNX_STAGES_INGEST_PACK_H
#define ALIGNX_STAGES_INGEST_PACK_H

#include "schema/messages.h"

/* The bits of struct noun's `present` for the optional fields. */
struct ingest_bits {
	uint64_t parent, user, rater, community, created, score, depth, edited,
	    ratings;
};

struct ingest_bits ingest_bits_of_layout(void);

void ingest_pack(const struct ingest_bits *bits, const struct interaction *x,
    struct buf *out);

#endif
