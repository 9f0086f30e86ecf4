/* pack_extent.h - the walk over foreign msgpack, as lib/msgpack/msgpack.c needs it. */

#ifndef ALIGNX_LIB_PACK_EXTENT_H
#define ALIGNX_LIB_PACK_EXTENT_H

#include <stddef.h>

#include "lib/core/fault.h"

/* Is it one whole object with sound texts?  0, or -1 with a located fault. */
int pack_check(const void *p, size_t len, struct fault *f);

#endif
