/* decide.h - which texts are dropped, by the signatures of all of them. */

#ifndef ALIGNX_STAGES_DEDUP_DECIDE_H
#define ALIGNX_STAGES_DEDUP_DECIDE_H

#include "lib/core/counters.h"
#include "lib/io/key_list.h"
#include "stages/dedup/signature.h"

struct dedup_decide {
	struct spill_array_limit limit; /* set by the caller */
	struct spill_array records;     /* of struct dedup_record */
	struct spill_array
	    keys; /* of uint64_t: those of each record with bands, one after another */
	size_t len, keys_len, bands;
};

/* -1: the signature was made with another number of bands; -2: the disk is full. */
int decide_add(struct dedup_decide *d, const struct dedup_signature *s, struct fault *f);

/* Lists the keys of what is dropped (signature_key()); -2: the disk is full. */
int decide_list(struct dedup_decide *d, struct counters *count, struct key_list *list,
    struct fault *f);

#endif
