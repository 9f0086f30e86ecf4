/* source_decompress.h - decompresses a stream of bytes, if it is compressed.
 *
 * Consecutive frames (concatenated files, pzstd) are one stream; zero padding after them is
 * skipped.  source.c puts one around the file and one around each file of an archive, and
 * reuses it for the next.  Bytes that are not compressed go straight to the caller's memory. */

#ifndef ALIGNX_LIB_IO_SOURCE_DECOMPRESS_H
#define ALIGNX_LIB_IO_SOURCE_DECOMPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/core/fault.h"

/* A tar header, any magic number, and most header lines of CSV. */
#define SOURCE_DECOMPRESS_PEEK 4096

struct source_decompress;

/* Reads raw bytes, as source_read(). */
typedef ssize_t source_pull_fn(void *from, void *into, size_t cap, struct fault *f);

struct source_decompress *source_decompress_new(int window_log);

/* Begins a stream and detects its compression.  -2 with a fault if it needs a larger window
 * than allowed.  If the raw bytes break, the read that reaches the break reports it. */
int source_decompress_begin(struct source_decompress *u, source_pull_fn *pull, void *from,
    struct fault *f);

/* Plain bytes, as source_read(). */
ssize_t source_decompress_read(struct source_decompress *u, void *into, size_t cap,
    struct fault *f);

/* Looks at the first plain bytes without consuming them: SOURCE_DECOMPRESS_PEEK bytes, or
 * less at the end.  To be called before the first read.  0 at the end, -2 if the stream
 * breaks before the first byte. */
ssize_t source_decompress_peek(struct source_decompress *u, const uint8_t **head, struct fault *f);

bool source_decompress_is_plain(const struct source_decompress *u); /* not compressed */

/* Raw bytes up to the last that gave plain ones: what follows may be damaged. */
uint64_t source_decompress_good(const struct source_decompress *u);

/* Raw bytes that were pulled and have been neither decoded nor returned. */
size_t source_decompress_unread(const struct source_decompress *u);

void source_decompress_forget(struct source_decompress *u); /* before a seek */
void source_decompress_free(struct source_decompress *u);   /* NULL is allowed */

#endif
