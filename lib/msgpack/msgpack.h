/* pack.h - msgpack read and written through msgpack-c, with bounds.
 *
 * Before msgpack-c sees foreign bytes, pack_extent() walks them: every length
 * is checked against the bytes that are there, depth against PACK_DEPTH, and
 * nothing is allocated, so a hostile length costs nothing. */

#ifndef ALIGNX_LIB_PACK_H
#define ALIGNX_LIB_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <msgpack.h>

#include "lib/core/buf.h"
#include "lib/core/fault.h"

#define PACK_DEPTH 30		/* msgpack-c's own stack holds 32 */

/* Bytes of the object that begins at p: > 0, or 0 if it does not end within
 * len bytes (more are needed), or -1 with a located fault (bad-msgpack,
 * too-deep, bad-utf8 is not checked here). */
int64_t pack_extent(const void *p, size_t len, struct fault *f);

/* The object as a tree in the zone (cleared by the caller); texts and bins
 * are views into p.  Texts are checked to be UTF-8.  -1 with a fault. */
int pack_tree(const void *p, size_t len, msgpack_zone *zone,
    msgpack_object *out, struct fault *f);

/* The value of a top-level field in a packed map known to be whole (by
 * pack_extent), without a tree: false if it is not there. */
bool pack_find(const void *map, size_t len, const char *name,
    const void **value, size_t *value_len);
bool pack_find_text(const void *map, size_t len, const char *name,
    const char **text, size_t *text_len);
bool pack_find_int(const void *map, size_t len, const char *name,
    int64_t *value);

/* A packed value; data is NULL where there is none. */
struct pack_value {
	const void *data;
	size_t len;
};

/* The values of n <= PACK_FIELDS top-level fields of different names, found in
 * one walk; of a field that stands there twice, the first. */
enum { PACK_FIELDS = 16 };
void pack_find_all(const void *map, size_t len, const char *const name[],
    size_t n, struct pack_value value[]);
bool pack_value_text(const struct pack_value *v, const char **text,
    size_t *text_len);
bool pack_value_int(const struct pack_value *v, int64_t *value);

/* Where in the packed bytes the value of an RFC 6901 pointer begins; -1 if
 * there is none.  For messages only. */
int64_t pack_locate(const void *p, size_t len, const char *pointer);

/* Writing: appended to a buffer by msgpack-c's packer. */
void pack_map(struct buf *b, size_t n);
void pack_list(struct buf *b, size_t n);
void pack_text(struct buf *b, const char *s, size_t len);
void pack_str(struct buf *b, const char *s);
void pack_bin(struct buf *b, const void *data, size_t len);
void pack_int(struct buf *b, int64_t x);
void pack_natural(struct buf *b, uint64_t x);
void pack_real(struct buf *b, double x);
void pack_bool(struct buf *b, bool x);
void pack_nil(struct buf *b);
void pack_object(struct buf *b, const msgpack_object *o);

#endif
