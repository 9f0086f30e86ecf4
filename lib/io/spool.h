/* spool.h - records put aside, in memory as long as they fit, then on disk.
 *
 * For programs that must see all of their input before they can write.  What is
 * added is found again by the offset that came back.  Beyond the budget, bytes
 * go to a temporary file without a name, which is gone when the program ends
 * in whatever way. */

#ifndef ALIGNX_LIB_SPOOL_H
#define ALIGNX_LIB_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "lib/core/fault.h"

struct spool;

/* memory: bytes to keep in memory.  tmpdir: NULL for $TMPDIR, else /tmp. */
struct spool *spool_new(int64_t memory, const char *tmpdir, struct fault *f);
int spool_add(struct spool *s, const void *data, size_t len, uint64_t *offset,
    struct fault *f);
int spool_read(struct spool *s, uint64_t offset, void *into, size_t len,
    struct fault *f);
/* The bytes where they stand, as long as nothing is added; NULL if they are not
 * in memory. */
const void *spool_view(const struct spool *s, uint64_t offset, size_t len);
void spool_free(struct spool *s);		/* NULL is allowed */

#endif
