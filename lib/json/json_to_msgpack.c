/* json_to_msgpack.c - json_to_msgpack() of json.h: converts a JSON value to a msgpack tree. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/core/base64.h"
#include "lib/core/json_pointer.h"
#include "lib/json/json.h"
#include "lib/json/json_write.h"
#include "lib/msgpack/msgpack.h"

enum { FEW = 64 }; /* up to here, all pairs of names are compared */

struct tree_builder {
	struct arena *arena;
	struct fault *fault;
	size_t depth;
};

static int convert(struct tree_builder *b, const struct json_node *from, msgpack_object *out);

static void
set_text(msgpack_object *out, const char *ptr, size_t len)
{
	out->type = MSGPACK_OBJECT_STR;
	out->via.str.ptr = ptr;
	out->via.str.size = (uint32_t)len;
}

static int
convert_list(struct tree_builder *b, const struct json_node *from, msgpack_object *out)
{
	size_t n = json_count(from), i = 0;
	msgpack_object *item = arena_alloc(b->arena, n * sizeof(*item));
	struct json_node value;
	struct json_walk w;

	json_walk_begin(&w, from);
	for (; json_walk_next(&w, NULL, &value); i++) {
		if (convert(b, &value, &item[i]) < 0) {
			json_pointer_prepend_index(b->fault, i);
			return -1;
		}
	}
	out->type = MSGPACK_OBJECT_ARRAY;
	out->via.array.ptr = item;
	out->via.array.size = (uint32_t)n;
	return 0;
}

static int
compare_names(const msgpack_object_str *a, const msgpack_object_str *b)
{
	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	return memcmp(a->ptr, b->ptr, a->size);
}

static int
by_name(const void *one, const void *other)
{
	const msgpack_object_str *const *a = one, *const *b = other;

	return compare_names(*a, *b);
}

/* A name that occurs twice; NULL if there is none. */
static const msgpack_object_str *
find_doubled(struct tree_builder *b, const msgpack_object_kv *kv, size_t n)
{
	const msgpack_object_str **names;

	if (n <= FEW) {
		for (size_t i = 1; i < n; i++)
			for (size_t k = 0; k < i; k++)
				if (compare_names(&kv[i].key.via.str, &kv[k].key.via.str) == 0)
					return &kv[i].key.via.str;
		return NULL;
	}
	names = arena_alloc(b->arena, n * sizeof(*names));
	for (size_t i = 0; i < n; i++)
		names[i] = &kv[i].key.via.str;
	qsort(names, n, sizeof(*names), by_name);
	for (size_t i = 1; i < n; i++)
		if (compare_names(names[i - 1], names[i]) == 0)
			return names[i];
	return NULL;
}

static int
convert_map(struct tree_builder *b, const struct json_node *from, msgpack_object *out)
{
	size_t n = json_count(from);
	msgpack_object_kv *kv = arena_alloc(b->arena, n * sizeof(*kv)), *at = kv;
	const msgpack_object_str *doubled;
	struct json_node name, value;
	struct json_walk w;

	json_walk_begin(&w, from);
	for (; json_walk_next(&w, &name, &value); at++) {
		/* a field called "$bin" is written as "$$bin" */
		bool is_reserved = json_is_reserved_name(name.text.ptr, name.text.len)
		    && name.text.ptr[1] == '$';

		set_text(&at->key, name.text.ptr + is_reserved, name.text.len - is_reserved);
		if (convert(b, &value, &at->val) < 0) {
			json_pointer_prepend(b->fault, name.text.ptr, name.text.len);
			return -1;
		}
	}
	if ((doubled = find_doubled(b, kv, n)) != NULL) {
		json_pointer_prepend(b->fault, doubled->ptr, doubled->size);
		return fault_set(b->fault, "doubled-field", "this field occurs twice");
	}
	out->type = MSGPACK_OBJECT_MAP;
	out->via.map.ptr = kv;
	out->via.map.size = (uint32_t)n;
	return 0;
}

static bool
is_named(const struct json_node *name, const char *wanted)
{
	return name->text.len == strlen(wanted)
	    && memcmp(name->text.ptr, wanted, name->text.len) == 0;
}

/* Is it {"$bin": text}, or {"$ext": n, "$bin": text}? */
static bool
is_bytes(const struct json_node *from, struct json_node *text, int64_t *ext)
{
	struct json_walk w;
	struct json_node name, value;

	*ext = INT64_MAX;
	json_walk_begin(&w, from);
	if (!json_walk_next(&w, &name, &value))
		return false;
	if (is_named(&name, "$ext")) {
		if (value.kind != JSON_INT || value.integer < INT8_MIN || value.integer > INT8_MAX)
			return false;
		*ext = value.integer;
		if (!json_walk_next(&w, &name, &value))
			return false;
	}
	*text = value;
	return is_named(&name, "$bin") && value.kind == JSON_TEXT
	    && !json_walk_next(&w, &name, &value);
}

static int
convert_bytes(struct tree_builder *b, const struct json_node *text, int64_t ext,
    msgpack_object *out)
{
	unsigned char *data = arena_alloc(b->arena, text->text.len / 4 * 3 + 1);
	size_t n;

	if (!base64_decode(data, &n, text->text.ptr, text->text.len)) {
		json_pointer_prepend(b->fault, "$bin", 4);
		return fault_set(b->fault, "bad-json", "$bin is not base64");
	}
	if (ext == INT64_MAX) {
		out->type = MSGPACK_OBJECT_BIN;
		out->via.bin.ptr = (const char *)data;
		out->via.bin.size = (uint32_t)n;
	} else {
		out->type = MSGPACK_OBJECT_EXT;
		out->via.ext.type = (int8_t)ext;
		out->via.ext.ptr = (const char *)data;
		out->via.ext.size = (uint32_t)n;
	}
	return 0;
}

static int
convert_nested(struct tree_builder *b, const struct json_node *from, msgpack_object *out)
{
	struct json_node text;
	int64_t ext;
	int r;

	if (from->kind == JSON_MAP && is_bytes(from, &text, &ext))
		return convert_bytes(b, &text, ext, out);
	if (b->depth == MSGPACK_DEPTH)
		return fault_set(b->fault, "too-deep", "nesting deeper than %d", MSGPACK_DEPTH);
	b->depth++;
	r = from->kind == JSON_MAP ? convert_map(b, from, out) : convert_list(b, from, out);
	b->depth--;
	return r;
}

static int
convert(struct tree_builder *b, const struct json_node *from, msgpack_object *out)
{
	out->type = MSGPACK_OBJECT_NIL;
	switch (from->kind) {
	case JSON_BOOL:
		out->type = MSGPACK_OBJECT_BOOLEAN;
		out->via.boolean = from->truth;
		break;
	case JSON_INT:
		out->type = from->integer < 0 ? MSGPACK_OBJECT_NEGATIVE_INTEGER
					      : MSGPACK_OBJECT_POSITIVE_INTEGER;
		out->via.i64 = from->integer;
		break;
	case JSON_UINT:
		out->type = MSGPACK_OBJECT_POSITIVE_INTEGER;
		out->via.u64 = from->natural;
		break;
	case JSON_REAL:
		out->type = MSGPACK_OBJECT_FLOAT64;
		out->via.f64 = from->real;
		break;
	case JSON_TEXT:
		set_text(out, from->text.ptr, from->text.len);
		break;
	case JSON_LIST:
	case JSON_MAP:
		return convert_nested(b, from, out);
	case JSON_ABSENT:
	case JSON_NULL:
		break;
	}
	return 0;
}

int
json_to_msgpack(const struct json_node *from, struct arena *a, msgpack_object *out, struct fault *f)
{
	struct tree_builder b = { .arena = a, .fault = f };

	return convert(&b, from, out);
}
