/* source_archive.h - the regular files in what libarchive knows, one by one.
 *
 * Reads the plain bytes of a source_unpack, so that an archive within zstd is
 * no different.  What is neither archive nor compressed is one member, as it
 * is.  Manifests (mtree) are not archives here: they name files of this
 * machine.  Nor is uuencoding, which is looked for in the middle of texts. */

#ifndef ALIGNX_LIB_SOURCE_ARCHIVE_H
#define ALIGNX_LIB_SOURCE_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/core/fault.h"
#include "lib/io/source_decompress.h"

struct source_archive;

/* Goes to a place of the file as lseek() does; -1 if that cannot be. */
typedef int64_t source_seek(void *from, int64_t to, int whence);

/* seek may be NULL: then formats whose directory is at the end (7z) cannot be
 * read.  The unpack stays the caller's.  NULL with a fault. */
struct source_archive *source_archive_open(struct source_unpack *below,
    source_seek *seek, void *from, struct fault *f);

/* Goes to the next regular file: 1, 0 there is none, -2 broken, and the call
 * after that goes on behind the damage or ends. */
int source_archive_next(struct source_archive *a, struct fault *f);

/* The path of the file in hand, without control characters; NULL if it is no
 * archive.  A view until source_archive_next(). */
const char *source_archive_path(const struct source_archive *a);

/* Bytes of the file in hand, as source_read(). */
ssize_t source_archive_read(struct source_archive *a, void *into, size_t room,
    struct fault *f);

void source_archive_close(struct source_archive *a);	/* NULL is allowed */

#endif
