/* source_unpack.h - takes the compression, if there is one, off a run of bytes.
 *
 * Frames that follow one another (concatenated files, pzstd) are one run, and
 * zero padding behind them is passed over.  source.c puts one around the
 * file, and one around each file of an archive; it is used again for the
 * next.  Bytes without compression go straight to the caller's memory. */

#ifndef ALIGNX_LIB_SOURCE_UNPACK_H
#define ALIGNX_LIB_SOURCE_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/core/fault.h"

#define SOURCE_UNPACK_AHEAD 512		/* a tar header, and more than any magic */

struct source_unpack;

/* Where the raw bytes come from: as source_read(). */
typedef ssize_t source_pull(void *from, void *into, size_t room,
    struct fault *f);

struct source_unpack *source_unpack_new(int window_log);

/* Begins a run and finds out how it is compressed.  -2 with a fault if that
 * needs more than the window allowed; a break of the raw bytes is told by the
 * read that comes to it. */
int source_unpack_begin(struct source_unpack *u, source_pull *pull, void *from,
    struct fault *f);

/* Plain bytes, as source_read(). */
ssize_t source_unpack_read(struct source_unpack *u, void *into, size_t room,
    struct fault *f);

/* Looks at the first plain bytes without taking them: SOURCE_UNPACK_AHEAD of
 * them or what there is.  To be called before the first read.  0 at the end,
 * -2 if the run breaks before the first byte. */
ssize_t source_unpack_peek(struct source_unpack *u, const uint8_t **head,
    struct fault *f);

bool source_unpack_is_plain(const struct source_unpack *u);	/* no compression found */
void source_unpack_forget(struct source_unpack *u);	/* before a seek of a plain file */
void source_unpack_free(struct source_unpack *u);	/* NULL is allowed */

#endif
