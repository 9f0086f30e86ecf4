/* sink.h - where a program's data goes.
 *
 * Standard output, or a file that gets its name only when it is whole: bytes
 * go to NAME.PID.tmp beside it, sink_close() renames, sink_abandon() removes.
 * A name that ends in .zst is compressed (one thread, level 3, the same bytes
 * every time).  Every write is checked: a full disk is a fault, never silence. */

#ifndef ALIGNX_LIB_SINK_H
#define ALIGNX_LIB_SINK_H

#include <stddef.h>
#include <stdint.h>

#include "lib/core/fault.h"

struct sink;

struct sink *sink_open(const char *name, struct fault *f);	/* NULL name: standard output */
int sink_write(struct sink *s, const void *data, size_t len, struct fault *f);
uint64_t sink_bytes(const struct sink *s);	/* given to sink_write() so far */
const char *sink_name(const struct sink *s);
int sink_close(struct sink *s, struct fault *f);	/* frees it in any case */
void sink_abandon(struct sink *s);		/* NULL is allowed */

#endif
