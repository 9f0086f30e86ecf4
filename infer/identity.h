/* identity.h - which model this is, by its weights.
 *
 * A hash of sizes, choices and every weight as it is stored.  Names, texts and
 * the vocabulary do not count: a file that only says other things about the same
 * weights is the same model; the same weights in other types are another. */

#ifndef ALIGNX_INFER_IDENTITY_H
#define ALIGNX_INFER_IDENTITY_H

#include "infer/model.h"

enum { IDENTITY_SIZE = 48 };		/* with the NUL behind it */

/* "xxh3-128:" and 32 hexadecimal digits.  Reads all weights once. */
void identity_make(const struct model *m, char out[IDENTITY_SIZE]);

#endif
