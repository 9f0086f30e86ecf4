/* message.h - the messages that programs exchange, described by tables.
 *
 * A message is a C struct and a descriptor: a table of its fields, with the type,
 * bounds and offset of each.  Decoding, checking, encoding (msgpack and JSON)
 * and the JSON Schema documents follow the same table, so they cannot disagree.
 * Fields that are not in the table are kept, and written after the known ones.
 * No I/O happens here.
 *
 * Two decoders and one encoder: message_decode() takes a tree, from JSON or msgpack,
 * and finds every fault; message_unpack() (message_unpack.h) takes msgpack bytes
 * as message_encode() writes them and is several times as fast.
 *
 * Every message struct begins with a struct message.  Texts and lists are views into
 * what was decoded, or into the arena given to message_decode(). */

#ifndef ALIGNX_SCHEMA_MESSAGE_H
#define ALIGNX_SCHEMA_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <msgpack/object.h>

#include "lib/core/arena.h"
#include "lib/core/buf.h"
#include "lib/core/fault.h"
#include "lib/core/text.h"

struct message {
	uint64_t present;               /* bit i: field i of the descriptor is set */
	const msgpack_object_kv *extra; /* fields that are not in the descriptor */
	size_t extra_len;
};

struct list {
	void *item; /* array of len structs of the descriptor's size */
	size_t len;
};

enum field_type {
	FIELD_KIND,      /* the descriptor's own name; not in the struct */
	FIELD_VERSION,   /* the descriptor's version; not in the struct */
	FIELD_TEXT,      /* struct text; low and high bound the code points */
	FIELD_ENUM,      /* int: index into values */
	FIELD_INT,       /* int64_t within [low, high] */
	FIELD_REAL,      /* double within [low, high] */
	FIELD_BOOL,      /* bool */
	FIELD_DIRECTION, /* struct direction; msgpack: bin of 90; JSON: list of 0, 0.5, 1 */
	FIELD_PERCENT,   /* int8_t[90] within [low, high]; msgpack: bin of 90; JSON: list */
	FIELD_MAP,       /* a nested struct of descriptor `of` */
	FIELD_LIST,      /* struct list of descriptor `of`; low and high bound its length */
};

struct descriptor;

struct field {
	const char *name; /* of fewer than 32 bytes */
	size_t name_len;
	enum field_type type;
	bool is_required;
	size_t at; /* offsetof() in the struct */
	int64_t low, high;
	const char *const *values; /* ends with NULL */
	const struct descriptor *of;
	const char *meaning; /* one sentence, for JSON Schema and the manual */
};

struct descriptor {
	const char *name; /* also the value of "kind" */
	int version;
	size_t size;
	const struct field *field; /* ends with a NULL name; at most 64 */
	const char *meaning;
};

/* Decodes a tree into out (of the descriptor's size).  -1 with the fault's pointer
 * set: missing-field, doubled-field, wrong-type, out-of-bounds, wrong-kind,
 * wrong-version. */
int message_decode(const struct descriptor *d, const msgpack_object *from, struct arena *a,
    void *out, struct fault *f);

/* Decodes a tree into out as message_decode() does, but calls fn for every fault in it; returns
 * their number. */
typedef void message_fault_fn(void *with, const struct fault *f);
size_t message_check(const struct descriptor *d, const msgpack_object *from, struct arena *a,
    void *out, message_fault_fn *fn, void *with);

void message_encode(const struct descriptor *d, const void *message, struct buf *b); /* msgpack */
int message_encode_json(const struct descriptor *d, const void *message, struct buf *b,
    struct fault *f); /* -1 (no-json): an unknown field has no JSON form */

/* The JSON Schema (2020-12) of a descriptor, pretty-printed. */
void message_json_schema(const struct descriptor *d, struct buf *b);

/* Is the optional field at this offset set? */
bool message_has(const struct descriptor *d, const void *message, size_t at);
void message_set(const struct descriptor *d, void *message, size_t at);
void message_clear(const struct descriptor *d, void *message, size_t at);

#define MESSAGE_OFFSET(p, field) offsetof(__typeof__(*(p)), field)
#define MESSAGE_HAS(d, p, field) message_has(d, p, MESSAGE_OFFSET(p, field))
#define MESSAGE_SET(d, p, field) message_set(d, p, MESSAGE_OFFSET(p, field))
#define MESSAGE_CLEAR(d, p, field) message_clear(d, p, MESSAGE_OFFSET(p, field))

#endif
