#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "infer/model/safetensors.h"
#include "lib/json/json.h"

enum { HEAD = 8, DIRECTORY_MAX = 100 << 20, TYPE_MAX = 16 };

/* A file while it is read. */
struct reading {
	const char *file;
	const unsigned char *data;	/* behind the directory */
	size_t len;
	struct arena *arena;
	struct fault *fault;
};

static int
blame(const struct reading *r, const struct directory_text *name, const char *what)
{
	return fault_stop(r->fault, "%s: tensor %.*s: %s", r->file,
	    (int)(name->len < 96 ? name->len : 96), name->ptr, what);
}

/* Bytes of a number of types that files have; 0 for others. */
static size_t
bytes_of_type(const struct directory_text *name)
{
	static const struct { const char *name; size_t bytes; } types[] = {
		{ "BOOL", 1 }, { "U8", 1 }, { "I8", 1 }, { "F8_E4M3", 1 }, { "F8_E5M2", 1 },
		{ "U16", 2 }, { "I16", 2 }, { "F16", 2 }, { "BF16", 2 }, { "U32", 4 },
		{ "I32", 4 }, { "F32", 4 }, { "U64", 8 }, { "I64", 8 }, { "F64", 8 } };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strlen(types[i].name) == name->len
		    && memcmp(types[i].name, name->ptr, name->len) == 0)
			return types[i].bytes;
	return 0;
}

static bool
natural(const struct json_node *n, size_t *out)
{
	*out = n->kind == JSON_INT && n->integer >= 0 ? (size_t)n->integer : 0;
	return n->kind == JSON_INT && n->integer >= 0
	    && (uint64_t)n->integer <= SIZE_MAX / 2;
}

/* The members of a list of naturals, `most` at most; how many, or -1. */
static int
naturals(const struct json_node *list, size_t *out, int most)
{
	struct json_node member;
	struct json_walk w;
	int n = 0;

	if (list->kind != JSON_LIST)
		return -1;
	json_walk_begin(&w, list);
	while (json_walk_next(&w, NULL, &member))
		if (n == most || !natural(&member, &out[n++]))
			return -1;
	return n;
}

static int
check_bytes(const struct reading *r, const struct safetensors_entry *e)
{
	size_t n = bytes_of_type(&e->type_name);

	if (n == 0)			/* refused if it is used */
		return 0;
	for (int i = 0; i < e->dimensions; i++)
		if (__builtin_mul_overflow(n, e->dimension[i], &n))
			return blame(r, &e->name, "the shape is too large");
	return n == e->end - e->begin ? 0
	    : blame(r, &e->name, "shape and data_offsets do not go together");
}

static int
take_entry(const struct reading *r, const struct json_node *value,
    struct safetensors_entry *e)
{
	static const char *const names[] = { "dtype", "shape", "data_offsets" };
	struct fault twice = FAULT_NONE;
	struct json_node field[3];
	size_t offset[2];
	char type[TYPE_MAX];

	if (value->kind != JSON_MAP || json_pick(value, names, 3, field, &twice) < 0
	    || field[0].kind != JSON_TEXT || field[0].text.len >= TYPE_MAX)
		return blame(r, &e->name, "expected a map with dtype, shape and "
		    "data_offsets");
	e->type_name.ptr = arena_dup(r->arena, field[0].text.ptr, field[0].text.len);
	e->type_name.len = field[0].text.len;
	memcpy(type, e->type_name.ptr, e->type_name.len);
	type[e->type_name.len] = '\0';
	e->type = bytes_of_type(&e->type_name) > 0 ? tensor_type_named(type) : NULL;
	e->dimensions = naturals(&field[1], e->dimension, DIRECTORY_DIMENSIONS);
	if (e->dimensions < 0)
		return blame(r, &e->name, "a shape is a list of up to four naturals");
	if (naturals(&field[2], offset, 2) != 2 || offset[0] > offset[1]
	    || offset[1] > r->len)
		return blame(r, &e->name, "data_offsets go on behind the end of the file; "
		    "is it whole?");
	e->begin = offset[0];
	e->end = offset[1];
	e->data = r->data + e->begin;
	return check_bytes(r, e);
}

static int
take_entries(const struct reading *r, const struct json_node *root,
    struct buf *entries)
{
	struct json_node name, value;
	struct json_walk w;

	if (root->kind != JSON_MAP)
		return fault_stop(r->fault, "%s: its directory is no map", r->file);
	json_walk_begin(&w, root);
	while (json_walk_next(&w, &name, &value)) {
		struct safetensors_entry e = { .name.len = name.text.len };

		if (name.text.len == 12 && memcmp(name.text.ptr, "__metadata__", 12) == 0)
			continue;
		e.name.ptr = arena_dup(r->arena, name.text.ptr, name.text.len);
		if (take_entry(r, &value, &e) < 0)
			return -2;
		buf_add(entries, &e, sizeof(e));
	}
	return 0;
}

static int
by_place(const void *va, const void *vb)
{
	const struct safetensors_entry *a = va, *b = vb;

	if (a->begin != b->begin)
		return a->begin < b->begin ? -1 : 1;
	return a->end < b->end ? -1 : a->end > b->end;
}

/* Each byte belongs to one tensor. */
static int
check_cover(const struct reading *r, struct safetensors_entry *e, size_t n)
{
	size_t at = 0;

	if (n > 1)
		qsort(e, n, sizeof(*e), by_place);
	for (size_t i = 0; i < n; at = e[i++].end)
		if (e[i].begin != at)
			return blame(r, &e[i].name, e[i].begin < at
			    ? "overlaps the tensor before it"
			    : "does not begin where the tensor before it ends");
	return at == r->len ? 0 : fault_stop(r->fault, "%s: %zu bytes at its end belong "
	    "to no tensor", r->file, r->len - at);
}

int
safetensors_read(const struct mapping *map, const char *name, struct arena *a,
    struct buf *entries, struct fault *f)
{
	struct reading r = { .file = name, .arena = a, .fault = f };
	struct fault why = FAULT_NONE;
	struct json_node root;
	struct json *j;
	uint64_t len = 0;
	char *text;
	int rc;

	if (map->len >= HEAD)
		len = directory_little_endian(map->data, HEAD);
	if (map->len < HEAD || len > DIRECTORY_MAX || len > map->len - HEAD)
		return fault_stop(f, "%s: this is no safetensors file, or it is cut: its "
		    "directory should have %" PRIu64 " bytes", name, len);
	r.data = map->data + HEAD + len;
	r.len = map->len - HEAD - (size_t)len;
	text = arena_get(a, (size_t)len + JSON_PADDING);
	memcpy(text, map->data + HEAD, (size_t)len);
	j = json_new();
	if (json_parse(j, text, (size_t)len, &root, &why) < 0)
		rc = fault_stop(f, "%s: byte %lld: %s", name, (long long)why.at + HEAD,
		    why.text);
	else
		rc = take_entries(&r, &root, entries);
	json_free(j);
	if (rc < 0)
		return rc;
	return check_cover(&r, (struct safetensors_entry *)(void *)entries->data,
	    entries->len / sizeof(struct safetensors_entry));
}
