/* json_write.h - appends values to a buffer as JSON.
 *
 * Compact, on one line.  Reals are written with the fewest digits that read back as the same
 * double, always with a point or an exponent, so that they stay reals.  Text is valid UTF-8
 * (the readers check it). */

#ifndef ALIGNX_LIB_JSON_JSON_WRITE_H
#define ALIGNX_LIB_JSON_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <msgpack/object.h>

#include "lib/core/buf.h"
#include "lib/core/counters.h"
#include "lib/core/fault.h"

void json_write_text(struct buf *b, const char *s, size_t len); /* with quotes */
void json_write_real(struct buf *b, double x);                  /* finite */

/* A msgpack tree as JSON.  -1 (no-json) for what JSON does not have: names that are not
 * texts, numbers that are not finite. */
int json_write_msgpack(struct buf *b, const msgpack_object *o, struct fault *f);

/* Is it "$bin" or "$ext", with one '$' or more?  A field of this name is written with one '$'
 * added, to distinguish it from a bin or an ext. */
bool json_is_reserved_name(const char *name, size_t len);

/* {"name":n,...} of the counts without a group; {"group":{"name":n,...},...} of the others. */
void json_write_counters(struct buf *b, const struct counters *c);
void json_write_counter_groups(struct buf *b, const struct counters *c);

/* Base64 (RFC 4648, padded) of n bytes, with quotes. */
void json_write_base64(struct buf *b, const void *data, size_t n);

#endif
