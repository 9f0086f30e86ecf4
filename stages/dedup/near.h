/* near.h - finds near duplicates by MinHash and LSH (Broder 1997).
 *
 * The texts that are left are read again, sketched by several threads and joined band
 * by band.  The result does not depend on the number of threads. */

#ifndef ALIGNX_STAGES_DEDUP_NEAR_H
#define ALIGNX_STAGES_DEDUP_NEAR_H

#include "lib/text/minhash.h"
#include "lib/io/spool.h"
#include "stages/dedup/union_find.h"

struct dedup_near {
	const struct minhash *sketch;
	double min_jaccard; /* exact similarity of texts that may be joined; 0: any */
	size_t threads;
	struct spool *spool;            /* holds the records */
	struct spill_array_limit limit; /* of each table */
	size_t too_short;               /* out: number of texts shorter than a shingle */
};

/* Updates the representatives that dedup_exact() set; -2. */
int dedup_near(struct dedup_near *near, struct dedup_record *records, size_t n, struct fault *f);

#endif
