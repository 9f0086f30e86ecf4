/* source_archive.h - the regular files in an archive, one by one, by libarchive.
 *
 * Reads the plain bytes of a source_decompress, so an archive may itself be compressed with
 * zstd.  A file that is neither archive nor compressed is one member, unchanged.  Two formats
 * of libarchive are left out: mtree, whose manifests name files of this machine, and uuencode,
 * which it looks for in the middle of texts. */

#ifndef ALIGNX_LIB_IO_SOURCE_ARCHIVE_H
#define ALIGNX_LIB_IO_SOURCE_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/core/fault.h"
#include "lib/io/source_decompress.h"

struct source_archive;

/* Seeks in the file as lseek() does; -1 if that fails. */
typedef int64_t source_seek_fn(void *from, int64_t to, int whence);

/* seek may be NULL: then formats with their directory at the end (7z) cannot be read.  The
 * caller keeps ownership of input.  NULL with a fault. */
struct source_archive *source_archive_open(struct source_decompress *input, source_seek_fn *seek,
    void *from, struct fault *f);

/* Goes to the next regular file: 1, 0 if there is none, -2 if the archive is broken; the call
 * after that goes on after the damage, or ends. */
int source_archive_next(struct source_archive *a, struct fault *f);

/* The path of the current file, without control characters; NULL if this is no archive.
 * A view, valid until source_archive_next(). */
const char *source_archive_path(const struct source_archive *a);

/* Bytes of the current file, as source_read(). */
ssize_t source_archive_read(struct source_archive *a, void *into, size_t cap, struct fault *f);

void source_archive_close(struct source_archive *a); /* NULL is allowed */

#endif
