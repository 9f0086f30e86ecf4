/* source.h - the plain bytes of an operand, however it is compressed.
 *
 * An operand (a file name or "-") is a sequence of members: a plain or compressed file has
 * one, an archive has one for each file in it.  Each is a stream of plain bytes.
 *
 * zstd is decoded by libzstd, because real dumps need windows of up to 2 GiB and libarchive
 * stops at 128 MiB; gzip, bzip2 and xz by their own libraries, because libarchive loses up to
 * 64 KiB before a break; zst_blocks by source_zst_blocks.c; all else, and all archives, by
 * libarchive.  Files within an archive may be compressed themselves.
 *
 * A process keeps one zstd decoder and reuses it for the next file.  It needs as much memory
 * as the window of the frame (2 GiB for Pushshift dumps of more than 2 GiB), or as the
 * content if that is smaller. */

#ifndef ALIGNX_LIB_IO_SOURCE_H
#define ALIGNX_LIB_IO_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/core/fault.h"

struct source;

/* Opens an operand; NULL with a fault.  window_log: the largest zstd window allowed, as a
 * power of two (10 to 31); the fault of a refusal names the value needed. */
struct source *source_open(const char *name, int window_log, struct fault *f);

/* Goes to the next member: 1, 0 if there is none, -2 if the source is broken.  To be called
 * before the first source_read().  Empty input has no member. */
int source_next(struct source *s, struct fault *f);

/* The member's name in messages and provenance: the operand as given, "stdin", or
 * "archive.tar/path/in/archive".  A view, valid until source_next(). */
const char *source_name(const struct source *s);

/* Reads at most cap bytes: returns their number, 0 at the end of the member, -2 with a fault
 * if it is broken.  All bytes before the break are returned first. */
ssize_t source_read(struct source *s, void *into, size_t cap, struct fault *f);

/* The first bytes of the member, at most SOURCE_DECOMPRESS_PEEK (source_decompress.h), without
 * consuming them: their number, 0 if there are none, -2 if it is broken before the first.  To be
 * called before source_read(). */
ssize_t source_peek(struct source *s, const uint8_t **head, struct fault *f);

/* Bytes of the (compressed) file read so far, and its size; 0 if it is not known, as for a
 * pipe. */
uint64_t source_bytes_read(const struct source *s);
uint64_t source_size(const struct source *s);

/* Bytes of the file that were read and are good: behind a break, those before it. */
uint64_t source_bytes_good(const struct source *s);

void source_close(struct source *s); /* NULL is allowed */

#endif
