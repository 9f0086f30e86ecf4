/* fold.h - coefficients of heads put into a model's file, for any engine.
 *
 * The columns of the output projection that belong to a head are multiplied by
 * its coefficient (PEAR, section B3.1); the projection's bias is not, and nothing
 * else changes, down to the byte.  Where a block of weights has one coefficient,
 * its scales are multiplied, in their own type; a matrix with a block that has
 * several, or with a scale that half precision cannot hold, becomes F32. */

#ifndef ALIGNX_INFER_FOLD_H
#define ALIGNX_INFER_FOLD_H

#include "infer/model/model.h"
#include "lib/io/sink.h"

struct fold_plan {
	const struct model *model;
	const float *coefficient;	/* layers x heads */
	bool is_exact;			/* all matrices that change become F32 */
	unsigned char *change;		/* of each layer: enum fold_change */
	size_t changed, widened;	/* matrices */
};

enum fold_change { FOLD_KEEP, FOLD_SCALE, FOLD_WIDEN };

/* Decides what is to be done.  -2 with a sentence: a model that is no GGUF file. */
int fold_open(struct fold_plan *p, const struct model *m, const float *coefficient,
    bool is_exact, const char *file, struct arena *a, struct fault *f);

/* Writes the whole file.  Coefficients of 1 give the model's own bytes. */
int fold_write(const struct fold_plan *p, struct sink *to, struct fault *f);

#endif
