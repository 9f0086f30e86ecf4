/* message_decode.c - decodes any tree, from JSON or msgpack, and finds all its faults;
 * message_unpack.c is the fast path for bytes that this kit wrote. */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "schema/decode_value.h"

static int read_map(struct decode *r, const struct descriptor *d, const msgpack_object *from,
    void *out);

static int
read_list(struct decode *r, const struct field *field, const msgpack_object *o, struct list *out)
{
	uint32_t n;
	char *item;

	if (o->type != MSGPACK_OBJECT_ARRAY)
		DECODE_FAULT(r, "wrong-type", "expected a list, found %s", decode_type_name(o));
	n = o->via.array.size;
	if ((int64_t)n < field->low || (int64_t)n > field->high)
		DECODE_FAULT(r, "out-of-bounds",
		    "expected from %" PRId64 " to %" PRId64 " items, found %" PRIu32, field->low,
		    field->high, n);
	*out = (struct list){ arena_alloc(r->arena, n * field->of->size), n };
	item = out->item;
	for (uint32_t i = 0; i < n; i++, item += field->of->size) {
		size_t was = decode_enter_index(r, i);

		if (read_map(r, field->of, &o->via.array.ptr[i], item) < 0)
			return -1;
		decode_leave(r, was);
	}
	return 0;
}

static int
read_kind(struct decode *r, const struct descriptor *d, const msgpack_object *o)
{
	if (!decode_is_str(o, d->name))
		DECODE_FAULT(r, "wrong-kind", "expected '%s', found %s%.*s", d->name,
		    o->type == MSGPACK_OBJECT_STR ? "" : decode_type_name(o),
		    o->type == MSGPACK_OBJECT_STR && o->via.str.size < 64 ? (int)o->via.str.size
									  : 0,
		    o->type == MSGPACK_OBJECT_STR ? o->via.str.ptr : "");
	return 0;
}

static int
read_version(struct decode *r, const struct descriptor *d, const msgpack_object *o)
{
	int64_t n;
	bool is_huge;

	if (!decode_as_integer(o, &n, &is_huge) || is_huge || n != d->version)
		DECODE_FAULT(r, "wrong-version", "expected version %d of %s", d->version, d->name);
	return 0;
}

static int
read_value(struct decode *r, const struct descriptor *d, const struct field *field,
    const msgpack_object *o, void *out)
{
	switch (field->type) {
	case FIELD_KIND:
		return read_kind(r, d, o);
	case FIELD_VERSION:
		return read_version(r, d, o);
	case FIELD_TEXT:
		return decode_text(r, field, o, out);
	case FIELD_ENUM:
		return decode_enum(r, field, o, out);
	case FIELD_INT:
		return decode_int(r, field, o, out);
	case FIELD_REAL:
		return decode_real(r, field, o, out);
	case FIELD_BOOL:
		if (o->type != MSGPACK_OBJECT_BOOLEAN)
			DECODE_FAULT(r, "wrong-type", "expected true or false, found %s",
			    decode_type_name(o));
		*(bool *)out = o->via.boolean;
		return 0;
	case FIELD_DIRECTION:
		return decode_direction(r, o, out);
	case FIELD_PERCENT:
		return decode_percent(r, field, o, out);
	case FIELD_MAP:
		return read_map(r, field->of, o, out);
	case FIELD_LIST:
		return read_list(r, field, o, out);
	}
	return -1;
}

/* Writers keep the order of the descriptor, so the search starts after the last hit. */
static int
find_field(const struct descriptor *d, const msgpack_object *key, int from)
{
	for (int i = from; d->field[i].name != NULL; i++)
		if (decode_is_str(key, d->field[i].name))
			return i;
	for (int i = 0; i < from && d->field[i].name != NULL; i++)
		if (decode_is_str(key, d->field[i].name))
			return i;
	return -1;
}

static int
blame_field(struct decode *r, const char *name, const char *code, const char *text)
{
	size_t was = decode_enter(r, name, strlen(name));
	struct fault f = FAULT_NONE;
	int rc;

	fault_set(&f, code, "%s", text);
	rc = decode_fault(r, &f);
	decode_leave(r, was);
	return rc;
}

static int
read_field(struct decode *r, const struct descriptor *d, int i, const msgpack_object *value,
    void *out)
{
	const struct field *field = &d->field[i];
	struct message *message = out;
	size_t was;

	if (message->present >> i & 1)
		return blame_field(r, field->name, "doubled-field", "this field appears twice");
	message->present |= (uint64_t)1 << i;
	was = decode_enter(r, field->name, strlen(field->name));
	if (read_value(r, d, field, value, (char *)out + field->at) < 0)
		return -1;
	decode_leave(r, was);
	return 0;
}

static void
keep_extra(struct decode *r, struct message *message, const msgpack_object_kv *kv, uint32_t most)
{
	msgpack_object_kv *extra = message->extra_len > 0
	    ? (msgpack_object_kv *)(uintptr_t)message->extra
	    : arena_alloc(r->arena, most * sizeof(*extra));

	extra[message->extra_len++] = *kv;
	message->extra = extra;
}

static int
read_map(struct decode *r, const struct descriptor *d, const msgpack_object *from, void *out)
{
	struct message *message = out;
	int next = 0;

	memset(out, 0, d->size);
	if (from->type != MSGPACK_OBJECT_MAP)
		DECODE_FAULT(r, "wrong-type", "expected a map, found %s", decode_type_name(from));
	for (uint32_t i = 0; i < from->via.map.size; i++) {
		const msgpack_object_kv *kv = &from->via.map.ptr[i];
		int found = find_field(d, &kv->key, next);

		if (found < 0) {
			keep_extra(r, message, kv, from->via.map.size - i);
			continue;
		}
		next = found + 1;
		if (read_field(r, d, found, &kv->val, out) < 0)
			return -1;
	}
	for (int i = 0; d->field[i].name != NULL; i++)
		if (d->field[i].is_required && !(message->present >> i & 1)
		    && blame_field(r, d->field[i].name, "missing-field", "this field is missing")
			< 0)
			return -1;
	return 0;
}

int
message_decode(const struct descriptor *d, const msgpack_object *from, struct arena *a, void *out,
    struct fault *f)
{
	struct fault first = FAULT_NONE;
	struct decode r = { .arena = a, .first = &first };
	int rc = read_map(&r, d, from, out);

	if (rc < 0 && f->text[0] == '\0')
		*f = first;
	return rc;
}

size_t
message_check(const struct descriptor *d, const msgpack_object *from, struct arena *a, void *out,
    message_fault_fn *fn, void *with)
{
	struct decode r = { .arena = a, .fn = fn, .with = with };

	read_map(&r, d, from, out);
	return r.faults;
}
