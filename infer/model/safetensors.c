#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "infer/model/safetensors.h"
#include "lib/json/json.h"

enum { LENGTH = 8, HEADER_MAX = 100 << 20, TYPE_MAX = 16 };

struct safetensors_reader {
	const char *file;
	const unsigned char *data; /* after the header */
	size_t len;
	struct arena *arena;
	struct fault *fault;
};

static int
blame(const struct safetensors_reader *r, const struct text *name, const char *what)
{
	return fault_stop(r->fault, "%s: tensor %.*s: %s", r->file,
	    (int)(name->len < 96 ? name->len : 96), name->ptr, what);
}

/* Bytes of an element; 0 for types that the format does not have. */
static size_t
element_size(const struct text *name)
{
	static const struct {
		const char *name;
		size_t bytes;
	} types[] = { { "BOOL", 1 }, { "U8", 1 }, { "I8", 1 }, { "F8_E4M3", 1 }, { "F8_E5M2", 1 },
		{ "U16", 2 }, { "I16", 2 }, { "F16", 2 }, { "BF16", 2 }, { "U32", 4 }, { "I32", 4 },
		{ "F32", 4 }, { "U64", 8 }, { "I64", 8 }, { "F64", 8 } };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (text_is(name, types[i].name))
			return types[i].bytes;
	return 0;
}

static bool
read_size(const struct json_node *n, size_t *out)
{
	*out = n->kind == JSON_INT && n->integer >= 0 ? (size_t)n->integer : 0;
	return n->kind == JSON_INT && n->integer >= 0 && (uint64_t)n->integer <= SIZE_MAX / 2;
}

/* Reads a list of up to max sizes; returns their number, or -1. */
static int
read_sizes(const struct json_node *list, size_t *out, int max)
{
	struct json_node member;
	struct json_walk w;
	int n = 0;

	if (list->kind != JSON_LIST)
		return -1;
	json_walk_begin(&w, list);
	while (json_walk_next(&w, NULL, &member))
		if (n == max || !read_size(&member, &out[n++]))
			return -1;
	return n;
}

static int
check_bytes(const struct safetensors_reader *r, const struct safetensors_entry *e)
{
	size_t n = element_size(&e->type_name);

	if (n == 0) /* refused once it is used */
		return 0;
	for (int i = 0; i < e->dimensions; i++)
		if (__builtin_mul_overflow(n, e->dimension[i], &n))
			return blame(r, &e->name, "the shape is too large");
	return n == e->end - e->begin ? 0
				      : blame(r, &e->name, "shape and data_offsets do not match");
}

static int
read_entry(const struct safetensors_reader *r, const struct json_node *value,
    struct safetensors_entry *e)
{
	static const char *const names[] = { "dtype", "shape", "data_offsets" };
	struct fault twice = FAULT_NONE;
	struct json_node field[3];
	size_t offset[2];
	char type[TYPE_MAX];

	if (value->kind != JSON_MAP || json_pick(value, names, 3, field, &twice) < 0
	    || field[0].kind != JSON_TEXT || field[0].text.len >= TYPE_MAX)
		return blame(r, &e->name,
		    "expected a map with dtype, shape and "
		    "data_offsets");
	e->type_name.ptr = arena_strndup(r->arena, field[0].text.ptr, field[0].text.len);
	e->type_name.len = field[0].text.len;
	memcpy(type, e->type_name.ptr, e->type_name.len);
	type[e->type_name.len] = '\0';
	e->type = element_size(&e->type_name) > 0 ? dtype_named(type) : NULL;
	e->dimensions = read_sizes(&field[1], e->dimension, MODEL_FILE_DIMS);
	if (e->dimensions < 0)
		return blame(r, &e->name, "shape must be a list of up to 4 natural numbers");
	if (read_sizes(&field[2], offset, 2) != 2 || offset[0] > offset[1] || offset[1] > r->len)
		return blame(r, &e->name,
		    "data_offsets run past the end of the file; "
		    "is the file complete?");
	e->begin = offset[0];
	e->end = offset[1];
	e->data = r->data + e->begin;
	return check_bytes(r, e);
}

static int
read_entries(const struct safetensors_reader *r, const struct json_node *root, struct buf *entries)
{
	struct json_node name, value;
	struct json_walk w;

	if (root->kind != JSON_MAP)
		return fault_stop(r->fault, "%s: the header is not a JSON map", r->file);
	json_walk_begin(&w, root);
	while (json_walk_next(&w, &name, &value)) {
		struct safetensors_entry e = { .name.len = name.text.len };

		e.name.ptr = arena_strndup(r->arena, name.text.ptr, name.text.len);
		if (text_is(&e.name, "__metadata__"))
			continue;
		if (read_entry(r, &value, &e) < 0)
			return -2;
		buf_add(entries, &e, sizeof(e));
	}
	return 0;
}

static int
by_offset(const void *va, const void *vb)
{
	const struct safetensors_entry *a = va, *b = vb;

	if (a->begin != b->begin)
		return a->begin < b->begin ? -1 : 1;
	return a->end < b->end ? -1 : a->end > b->end;
}

/* Each byte must belong to one tensor. */
static int
check_cover(const struct safetensors_reader *r, struct safetensors_entry *e, size_t n)
{
	size_t at = 0;

	if (n > 1)
		qsort(e, n, sizeof(*e), by_offset);
	for (size_t i = 0; i < n; at = e[i++].end)
		if (e[i].begin != at)
			return blame(r, &e[i].name,
			    e[i].begin < at ? "overlaps the tensor before it"
					    : "does not begin where the tensor before it ends");
	return at == r->len ? 0
			    : fault_stop(r->fault,
				"%s: the last %zu bytes belong "
				"to no tensor",
				r->file, r->len - at);
}

int
safetensors_read(const struct mapped_file *map, const char *name, struct arena *a,
    struct buf *entries, struct fault *f)
{
	struct safetensors_reader r = { .file = name, .arena = a, .fault = f };
	struct fault why = FAULT_NONE;
	struct json_node root;
	struct json *j;
	uint64_t len = 0;
	char *text;
	int rc;

	if (map->len >= LENGTH)
		len = model_file_little_endian(map->data, LENGTH);
	if (map->len < LENGTH || len > HEADER_MAX || len > map->len - LENGTH)
		return fault_stop(f,
		    "%s: this is not a safetensors file, or it is "
		    "truncated: its header should have %" PRIu64 " bytes",
		    name, len);
	r.data = map->data + LENGTH + len;
	r.len = map->len - LENGTH - (size_t)len;
	text = arena_alloc(a, (size_t)len + JSON_PADDING);
	memcpy(text, map->data + LENGTH, (size_t)len);
	j = json_new();
	if (json_parse(j, text, (size_t)len, &root, &why) < 0)
		rc = fault_stop(f, "%s: byte %lld: %s", name, (long long)why.at + LENGTH, why.text);
	else
		rc = read_entries(&r, &root, entries);
	json_free(j);
	if (rc < 0)
		return rc;
	return check_cover(&r, (struct safetensors_entry *)(void *)entries->data,
	    entries->len / sizeof(struct safetensors_entry));
}
