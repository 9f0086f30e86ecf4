/* sink.h - where a program's data goes: standard output or a file.
 *
 * A file gets its name only when it is complete: bytes go to NAME.PID.tmp in the same folder,
 * sink_close() renames it, sink_abandon() removes it.  A name that ends in .zst is compressed
 * (one thread, level 3, so the bytes are reproducible).  Every write is checked: a full disk
 * is a fault. */

#ifndef ALIGNX_LIB_IO_SINK_H
#define ALIGNX_LIB_IO_SINK_H

#include <stddef.h>
#include <stdint.h>

#include "lib/core/fault.h"

struct sink;

struct sink *sink_open(const char *name, struct fault *f); /* NULL name: standard output */
int sink_write(struct sink *s, const void *data, size_t len, struct fault *f);
uint64_t sink_bytes(const struct sink *s); /* passed to sink_write() so far */
const char *sink_name(const struct sink *s);
int sink_close(struct sink *s, struct fault *f); /* frees it even if it fails */
void sink_abandon(struct sink *s);               /* NULL is allowed */

/* Writes a whole file, which appears under its name when it is complete; -2 with a fault. */
int sink_write_file(const char *name, const void *data, size_t len, struct fault *f);

#endif
