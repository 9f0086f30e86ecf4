/* mapping.h - a file seen as memory, read only.
 *
 * Weights are views into it: nothing is copied, and what is not used is not
 * read.  A file must not be cut while it is mapped. */

#ifndef ALIGNX_INFER_MAPPING_H
#define ALIGNX_INFER_MAPPING_H

#include <stddef.h>

#include "lib/core/fault.h"

struct mapping {
	const unsigned char *data;
	size_t len;
};

int mapping_open(struct mapping *m, const char *name, struct fault *f);	/* -2 */
void mapping_close(struct mapping *m);

/* Bytes of a mapped file that will hardly be looked at again: their memory is free;
 * they would be read anew. */
void mapping_forget(const void *data, size_t len);

#endif
