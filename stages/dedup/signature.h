/* signature.h - what dedup must know of a text, without the text.
 *
 * --sign writes one signature a text, each a msgpack map of one bin; --decide reads them, of as many files
 * as there are, and lists the texts to be dropped. */

#ifndef ALIGNX_STAGES_DEDUP_SIGNATURE_H
#define ALIGNX_STAGES_DEDUP_SIGNATURE_H

#include "lib/text/minhash.h"
#include "stages/dedup/union_find.h"

struct dedup_signature {
	struct dedup_record record; /* but for its place in the spool */
	size_t bands;               /* 0: exact only, or shorter than a shingle */
	uint64_t band[MINHASH_BANDS_MAX];
};

void signature_write(const struct dedup_signature *s, struct buf *b);

/* Reads such a map; -1 if it is no signature. */
int signature_read(const void *data, size_t len, struct dedup_signature *s, struct fault *f);

/* What stands for a text in a list of texts to be dropped. */
uint64_t signature_key(const struct dedup_record *r);

#endif
