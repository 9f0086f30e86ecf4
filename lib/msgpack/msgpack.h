/* msgpack.h - reads and writes msgpack by msgpack-c, with bounds checks.
 *
 * Before msgpack-c reads foreign bytes, msgpack_extent() walks them: every length is checked
 * against the bytes that are there, and depth against MSGPACK_DEPTH.  It allocates nothing, so a
 * hostile length costs nothing. */

#ifndef ALIGNX_LIB_MSGPACK_MSGPACK_H
#define ALIGNX_LIB_MSGPACK_MSGPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <msgpack.h>

#include "lib/core/buf.h"
#include "lib/core/fault.h"

#define MSGPACK_DEPTH 30 /* the stack of msgpack-c has 32 levels */

/* The length of the object that begins at p: > 0; 0 if it does not end within len bytes; -1
 * with a fault and its byte (bad-msgpack, too-deep).  UTF-8 is not checked. */
int64_t msgpack_extent(const void *p, size_t len, struct fault *f);

/* Reads an object as a tree in the zone (which the caller clears); texts and bins are views
 * into p.  Texts are checked to be UTF-8.  -1 with a fault. */
int msgpack_parse(const void *p, size_t len, msgpack_zone *zone, msgpack_object *out,
    struct fault *f);

/* Finds a top-level field of a map without building a tree.  The map is whole (by
 * msgpack_extent).  False if the field is not there or, for a text, has another type. */
bool msgpack_find(const void *map, size_t len, const char *name, const void **value,
    size_t *value_len);
bool msgpack_find_text(const void *map, size_t len, const char *name, const char **text,
    size_t *text_len);

/* A value as bytes; data is NULL if there is none. */
struct msgpack_value {
	const void *data;
	size_t len;
};

/* Finds n <= MSGPACK_FIND_MAX top-level fields of different names in one walk; of a field
 * that occurs twice, the first. */
enum { MSGPACK_FIND_MAX = 16 };
void msgpack_find_all(const void *map, size_t len, const char *const name[], size_t n,
    struct msgpack_value value[]);

/* False if the value is missing or has another type. */
bool msgpack_value_text(const struct msgpack_value *v, const char **text, size_t *text_len);
bool msgpack_value_int(const struct msgpack_value *v, int64_t *value);

/* The byte at which the value of an RFC 6901 pointer begins; -1 if there is none.  For
 * messages only. */
int64_t msgpack_locate(const void *p, size_t len, const char *pointer);

/* Writing: appends to a buffer, by msgpack-c. */
void msgpack_write_map(struct buf *b, size_t n);
void msgpack_write_list(struct buf *b, size_t n);
void msgpack_write_text(struct buf *b, const char *s, size_t len);
void msgpack_write_str(struct buf *b, const char *s);
void msgpack_write_bin(struct buf *b, const void *data, size_t len);
void msgpack_write_int(struct buf *b, int64_t x);
void msgpack_write_real(struct buf *b, double x);
void msgpack_write_bool(struct buf *b, bool x);
void msgpack_write_object(struct buf *b, const msgpack_object *o);

#endif
