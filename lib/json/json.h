/* json.h - a C interface to simdjson.
 *
 * A parser is made once and used for one document at a time; nodes are views into it, valid
 * until the next json_parse().  Whole documents are checked (UTF-8, escapes, numbers, depth up
 * to JSON_DEPTH), and the fault of a refusal has the byte and what was found there.  A parser
 * takes memory for the longest document so far: at most 14 times its length, if it is all
 * tokens; a fraction of that for texts. */

#ifndef ALIGNX_LIB_JSON_JSON_H
#define ALIGNX_LIB_JSON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <msgpack/object.h>

#include "lib/core/arena.h"
#include "lib/core/fault.h"

#ifdef __cplusplus
extern "C" {
#endif

#define JSON_PADDING 64 /* bytes after a document that must be readable */
#define JSON_DEPTH 512  /* of nested lists and maps that are not empty */

enum json_kind {
	JSON_ABSENT,
	JSON_NULL,
	JSON_BOOL,
	JSON_INT,
	JSON_UINT,
	JSON_REAL,
	JSON_TEXT,
	JSON_LIST,
	JSON_MAP
};

struct json;

/* One value.  text is a view and may contain NUL bytes; lists and maps are walked with the
 * functions below.  JSON_UINT is used only for numbers above INT64_MAX. */
struct json_node {
	enum json_kind kind;
	union {
		bool truth;
		int64_t integer;
		uint64_t natural;
		double real;
		struct {
			const char *ptr;
			size_t len;
		} text;
	};
	uintptr_t inner[2]; /* simdjson's reference */
};

struct json *json_new(void);
void json_free(struct json *j);

/* Parses a document of len bytes; -1 with a fault and its byte (codes bad-json, bad-utf8,
 * too-deep). */
int json_parse(struct json *j, const char *text, size_t len, struct json_node *root,
    struct fault *f);

/* Parses a file of at most `most` bytes; -2 with the file and the byte. */
int json_parse_file(struct json *j, const char *file, size_t most, struct json_node *root,
    struct arena *a, struct fault *f);

/* Names to pick from many maps, hashed once; the strings must outlive it. */
enum { JSON_NAMES_MAX = 64, JSON_NAMES_SLOTS = 128 };
struct json_names {
	const char *const *name;
	size_t n, len[JSON_NAMES_MAX];
	uint64_t lengths;             /* bit i: a name has length i modulo 64 */
	uint8_t next[JSON_NAMES_MAX]; /* in the same slot; JSON_NAMES_MAX: none */
	uint8_t slot[JSON_NAMES_SLOTS];
};
void json_names_set(struct json_names *w, const char *const *names, size_t n);

/* Picks n named fields from a map in one pass; those missing get JSON_ABSENT.  -1
 * (doubled-field) if a picked name occurs twice. */
int json_pick(const struct json_node *map, const char *const *names, size_t n,
    struct json_node *out, struct fault *f);
int json_pick_names(const struct json_node *map, const struct json_names *w, struct json_node *out,
    struct fault *f);

/* Number of members of a list or map; 0 for other values. */
size_t json_count(const struct json_node *of);

struct json_walk {
	uintptr_t inner[4];
};

/* Walks a list or map: begin, then next until it returns false.  name (a view, set for maps
 * only) may be NULL. */
void json_walk_begin(struct json_walk *w, const struct json_node *of);
bool json_walk_next(struct json_walk *w, struct json_node *name, struct json_node *value);

/* The value at an RFC 6901 pointer ("" is the node itself); JSON_ABSENT if there is none. */
struct json_node json_at(const struct json_node *from, const char *pointer);

/* Is it this string? */
bool json_is_string(const struct json_node *n, const char *s);

/* The boolean at a pointer, or a default where there is none. */
bool json_bool_or(const struct json_node *of, const char *pointer, bool otherwise);

/* Converts a value to a msgpack tree in the arena; texts are views into the parser.
 * {"$bin": "<base64>"} becomes a bin, {"$ext": n, "$bin": "<base64>"} an ext, as json_write.h
 * writes them.  -1 with the fault's pointer set: doubled-field; too-deep (beyond MSGPACK_DEPTH);
 * bad-json (bad base64). */
int json_to_msgpack(const struct json_node *from, struct arena *a, msgpack_object *out,
    struct fault *f);

#ifdef __cplusplus
}
#endif

#endif
