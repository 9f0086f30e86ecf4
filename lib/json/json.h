/* json.h - JSON read by simdjson, behind C.
 *
 * A parser is made once and used for one document at a time; nodes are views
 * into it and die with the next json_parse().  Documents are checked whole
 * (UTF-8, escapes, numbers, depth up to JSON_DEPTH).  A refusal is located:
 * the fault carries the byte and says what stands there.  A parser grows with
 * the longest document it saw: to 14 bytes for each of its bytes at most, if
 * they are all tokens, to a fraction of that for texts. */

#ifndef ALIGNX_LIB_JSON_H
#define ALIGNX_LIB_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <msgpack/object.h>

#include "lib/core/arena.h"
#include "lib/core/fault.h"

#ifdef __cplusplus
extern "C" {
#endif

#define JSON_PADDING 64		/* readable bytes wanted behind a document */
#define JSON_DEPTH 512		/* of lists and maps that are not empty */

enum json_kind { JSON_ABSENT, JSON_NULL, JSON_BOOL, JSON_INT, JSON_UINT,
	JSON_REAL, JSON_TEXT, JSON_LIST, JSON_MAP };

struct json;

/* One value.  text is a view, NUL bytes allowed; list and map are walked with
 * the functions below.  JSON_UINT only where the number exceeds INT64_MAX. */
struct json_node {
	enum json_kind kind;
	union {
		bool truth;
		int64_t integer;
		uint64_t natural;
		double real;
		struct { const char *ptr; size_t len; } text;
	};
	uintptr_t inner[2];	/* simdjson's own reference */
};

struct json *json_new(void);
void json_free(struct json *j);

/* Parses the document of len bytes; -1 with a located fault (codes bad-json,
 * bad-utf8, too-deep). */
int json_parse(struct json *j, const char *text, size_t len,
    struct json_node *root, struct fault *f);

/* Names to be picked out of many maps, arranged once; the texts must live on. */
enum { JSON_NAMES_MAX = 64, JSON_NAMES_SLOTS = 128 };
struct json_names {
	const char *const *name;
	size_t n, len[JSON_NAMES_MAX];
	uint64_t lengths;		/* a bit for each length modulo 64 */
	uint8_t next[JSON_NAMES_MAX];	/* in the same slot; JSON_NAMES_MAX ends it */
	uint8_t slot[JSON_NAMES_SLOTS];
};
void json_names_set(struct json_names *w, const char *const *names, size_t n);
/* Its index, or JSON_NAMES_MAX. */
size_t json_names_find(const struct json_names *w, const char *name, size_t len);

/* Picks n named fields out of a map in one pass; those not there get
 * JSON_ABSENT.  -1 (doubled-field) if a picked name stands twice. */
int json_pick(const struct json_node *map, const char *const *names, size_t n,
    struct json_node *out, struct fault *f);
int json_pick_names(const struct json_node *map, const struct json_names *w,
    struct json_node *out, struct fault *f);

/* Members of a list or map; 0 for others. */
size_t json_count(const struct json_node *of);

struct json_walk { uintptr_t inner[4]; };

/* Walks a list or map: begin, then next until false.  name (a view) may be
 * NULL; it is set for maps only. */
void json_walk_begin(struct json_walk *w, const struct json_node *of);
bool json_walk_next(struct json_walk *w, struct json_node *name,
    struct json_node *value);

/* Follows an RFC 6901 pointer ("" is the node itself); JSON_ABSENT if nothing
 * is there. */
struct json_node json_at(const struct json_node *from, const char *pointer);

/* The whole value as a msgpack tree in the arena; texts are views into the
 * parser.  {"$bin": "<base64>"} becomes a bin, {"$ext": n, "$bin": "<base64>"}
 * an ext, as json_write.h writes them.  -1 with the fault's pointer set:
 * doubled-field; too-deep, beyond PACK_DEPTH; bad-json for bad base64. */
int json_to_tree(const struct json_node *from, struct arena *a,
    msgpack_object *out, struct fault *f);

#ifdef __cplusplus
}
#endif

#endif
