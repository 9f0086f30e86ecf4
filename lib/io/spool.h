/* spool.h - stores records in memory as long as they fit, then on disk.
 *
 * For programs that must see all of their input before they can write.  A record is found
 * again by the offset that spool_add() returned.  Beyond the memory budget, bytes go to an
 * unnamed temporary file, which is gone when the program ends. */

#ifndef ALIGNX_LIB_IO_SPOOL_H
#define ALIGNX_LIB_IO_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "lib/core/fault.h"

struct spool;

/* memory: bytes to keep in memory.  tmpdir: NULL for $TMPDIR or /tmp.  NULL with a fault. */
struct spool *spool_new(int64_t memory, const char *tmpdir, struct fault *f);
int spool_add(struct spool *s, const void *data, size_t len, uint64_t *offset, struct fault *f);
int spool_read(struct spool *s, uint64_t offset, void *into, size_t len, struct fault *f);
/* A view of bytes in memory, valid until the next spool_add(); NULL if they are on disk. */
const void *spool_view(const struct spool *s, uint64_t offset, size_t len);
void spool_free(struct spool *s); /* NULL is allowed */

#endif
