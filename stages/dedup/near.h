/* dedup_near.h - joins records whose texts are nearly the same.
 *
 * The texts that stayed so far are read back, sketched by several threads and
 * joined band by band.  Keys go to places that depend on the text alone, so
 * the number of threads cannot change the result. */

#ifndef ALIGNX_STAGES_DEDUP_NEAR_H
#define ALIGNX_STAGES_DEDUP_NEAR_H

#include "lib/text/minhash.h"
#include "lib/io/spool.h"
#include "stages/dedup/union_find.h"

enum { DEDUP_THREADS_MAX = 256 };

struct dedup_near {
	const struct minhash *sketch;
	double verify;		/* least true Jaccard similarity; 0: do not look */
	size_t threads;
	struct spool *spool;	/* where the records are */
	struct room_limit limit;	/* of each table */
	size_t too_short;	/* out: texts with fewer words than a shingle */
};

/* Sets keepers anew, given those of dedup_exact().  -2 with a fault. */
int dedup_near(struct dedup_near *near, struct dedup_record *records, size_t n,
    struct fault *f);

#endif
