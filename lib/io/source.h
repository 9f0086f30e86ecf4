/* source.h - the bytes of an operand, whatever they are compressed with.
 *
 * A name or "-" becomes a run of members (a plain or compressed file has one,
 * an archive has one for each file in it), each a stream of plain bytes.
 * zstd goes through libzstd, because real dumps need windows up to 2 GiB and
 * libarchive stops at 128 MiB.  gzip, bzip2 and xz go through their own
 * libraries, because libarchive loses up to 64 KiB before a break; everything
 * else, and all archives, goes through libarchive.  Files of an archive may be
 * compressed themselves.  One zstd decoder lives in a process and is used
 * again for the next file; it needs up to the window of the frame in memory
 * (2 GiB for Pushshift dumps of more than 2 GiB, the content's size where that
 * is smaller). */

#ifndef ALIGNX_LIB_SOURCE_H
#define ALIGNX_LIB_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/core/fault.h"

struct source;

/* Opens an operand; NULL with a fault.  window_log bounds the zstd window in
 * powers of two (10 to 31); the fault of a refusal names the value it takes. */
struct source *source_open(const char *name, int window_log, struct fault *f);

/* Goes to the next member: 1 there is one, 0 there is none, -2 broken.  To be
 * called before the first source_read().  Empty input has no member. */
int source_next(struct source *s, struct fault *f);

/* What to call the member in messages and provenance: the operand as given,
 * "stdin", or "archive.tar/path/in/archive".  A view, until source_next(). */
const char *source_name(const struct source *s);

/* Reads up to room bytes: their count, 0 at the end of the member, -2 with a
 * fault if it is broken.  All bytes before the break are delivered first. */
ssize_t source_read(struct source *s, void *into, size_t room, struct fault *f);

/* Bytes of the file taken so far and its size (0 if not known: a pipe). */
uint64_t source_taken(const struct source *s);
uint64_t source_size(const struct source *s);

void source_close(struct source *s);	/* NULL is allowed */

#endif
