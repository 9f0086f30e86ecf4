/* fingerprint.h - identifies a model by its weights.
 *
 * A hash of sizes, options and all stored weights, which is saved with results that
 * hold for this model alone (scores, coefficients of heads).  Names, other metadata
 * and the vocabulary do not count.  The same weights in another type are another
 * model, and so are weights with a few columns changed (alignx-pear apply), which a
 * hash of samples would miss. */

#ifndef ALIGNX_INFER_MODEL_FINGERPRINT_H
#define ALIGNX_INFER_MODEL_FINGERPRINT_H

#include "infer/model/model.h"

enum { FINGERPRINT_SIZE = 48 }; /* with its final NUL */

/* "xxh3-128:" and 32 hexadecimal digits.  Reads all weights once: seconds for tens of
 * gigabytes that are in the page cache. */
void model_fingerprint(const struct model *m, char out[FINGERPRINT_SIZE]);

#endif
