/* fingerprint.h - which model this is, by its weights.
 *
 * A hash of sizes, choices and every weight as it is stored: whoever keeps results
 * of a model (scores, coefficients of heads) keeps it with them.  Names, texts and
 * the vocabulary do not count: a file that only says other things about the same
 * weights is the same model; the same weights in other types are another, and so
 * are weights of which a few columns were folded with coefficients.  A sample of
 * the bytes would not see those. */

#ifndef ALIGNX_INFER_FINGERPRINT_H
#define ALIGNX_INFER_FINGERPRINT_H

#include "infer/model/model.h"

enum { FINGERPRINT_SIZE = 48 };		/* with the NUL behind it */

/* "xxh3-128:" and 32 hexadecimal digits.  Reads all weights once, as the first batch
 * of a model does: seconds for tens of gigabytes that are in memory. */
void model_fingerprint(const struct model *m, char out[FINGERPRINT_SIZE]);

#endif
