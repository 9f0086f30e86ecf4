/* json_write.h - JSON text from values, appended to a buffer.
 *
 * Compact, one line.  Reals are written with the fewest digits that read back
 * to the same double and always carry a point or an exponent, so that they
 * stay reals.  Text is valid UTF-8 on entry (checked by the readers). */

#ifndef ALIGNX_LIB_JSON_WRITE_H
#define ALIGNX_LIB_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <msgpack/object.h>

#include "lib/core/buf.h"
#include "lib/core/counters.h"
#include "lib/core/fault.h"

void json_put_text(struct buf *b, const char *s, size_t len);	/* with quotes */
void json_put_real(struct buf *b, double x);			/* finite */

/* A msgpack tree as JSON.  -1 (no-json) for what JSON cannot say: names that
 * are not text, numbers that are not finite. */
int json_put_tree(struct buf *b, const msgpack_object *o, struct fault *f);

/* Is it "$bin" or "$ext", with any number of '$'?  Such a name is written with
 * one '$' more than it has, so that it is not taken for a bin's or an ext's. */
bool json_is_mark(const char *name, size_t len);

/* {"name":n,...} */
void json_put_counts(struct buf *b, const struct count *c);

/* Base64 (RFC 4648, padded) of n bytes, with quotes. */
void json_put_base64(struct buf *b, const void *data, size_t n);

#endif
