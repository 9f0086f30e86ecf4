/* noun.h - the things that travel between programs, described by tables.
 *
 * A noun is a C struct and a layout: a table that names each field, its type,
 * bounds and place in the struct.  Reading, checking, writing (msgpack and
 * JSON) and the JSON Schema documents all follow the same table, so they
 * cannot disagree.  Fields that a layout does not know are kept and written
 * behind the known ones.  No I/O happens here.
 *
 * Every noun struct begins with a struct noun.  Texts and lists are views into
 * what was read, or into the arena given to noun_read(). */

#ifndef ALIGNX_SCHEMA_NOUN_H
#define ALIGNX_SCHEMA_NOUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <msgpack/object.h>

#include "lib/core/arena.h"
#include "lib/core/buf.h"
#include "lib/core/fault.h"
#include "lib/core/text.h"

struct noun {
	uint64_t present;			/* bit i: field i of the layout is there */
	const msgpack_object_kv *extra;		/* fields the layout does not know */
	size_t extra_len;
};

struct list {
	void *item;		/* len structs of the layout's size, one behind the other */
	size_t len;
};

enum field_type {
	FIELD_KIND,		/* the layout's own name; not in the struct */
	FIELD_VERSION,		/* the layout's version; not in the struct */
	FIELD_TEXT,		/* struct text; low and high bound the code points */
	FIELD_WORD,		/* int: index into words */
	FIELD_INT,		/* int64_t within [low, high] */
	FIELD_REAL,		/* double within [low, high] */
	FIELD_BOOL,		/* bool */
	FIELD_DIRECTION,	/* struct direction; msgpack: bin of 90; JSON: list of 0, 0.5, 1 */
	FIELD_HUNDREDTHS,	/* int8_t[90] within [low, high]; msgpack: bin of 90; JSON: list */
	FIELD_MAP,		/* a struct of layout `of`, inside */
	FIELD_LIST,		/* struct list of layout `of`; low and high bound its length */
};

struct layout;

struct field {
	const char *name;		/* of fewer than 32 bytes */
	size_t name_len;
	enum field_type type;
	bool is_required;
	size_t at;			/* offset in the struct */
	int64_t low, high;
	const char *const *words;	/* NULL-ended */
	const struct layout *of;
	const char *meaning;		/* one sentence, for the schema and the manual */
};

struct layout {
	const char *name;		/* also the value of "kind" */
	int version;
	size_t size;
	const struct field *field;	/* ended by a NULL name; at most 64 */
	const char *meaning;
};

/* Reads a tree into out (of the layout's size).  -1 with the fault's pointer
 * set: missing-field, doubled-field, wrong-type, out-of-bounds, wrong-kind,
 * wrong-version. */
int noun_read(const struct layout *l, const msgpack_object *from,
    struct arena *a, void *out, struct fault *f);

/* Calls fn for every fault in the tree instead of stopping at the first;
 * returns their number. */
typedef void noun_fault_fn(void *with, const struct fault *f);
size_t noun_check(const struct layout *l, const msgpack_object *from,
    struct arena *a, noun_fault_fn *fn, void *with);

void noun_pack(const struct layout *l, const void *noun, struct buf *b);
int noun_json(const struct layout *l, const void *noun, struct buf *b,
    struct fault *f);		/* -1 (no-json) if an unknown field cannot be said in JSON */

/* The JSON Schema (2020-12) of a layout, pretty-printed. */
void noun_schema(const struct layout *l, struct buf *b);

/* Is the field at this offset there?  For optional fields. */
bool noun_has(const struct layout *l, const void *noun, size_t at);
void noun_set(const struct layout *l, void *noun, size_t at);	/* marks it as there */
void noun_clear(const struct layout *l, void *noun, size_t at);	/* and as not there */

#define NOUN_HAS(l, p, field) \
	noun_has(l, p, (size_t)((const char *)&(p)->field - (const char *)(p)))

#endif
