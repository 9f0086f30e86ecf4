/* message_encode.c - writes any message as msgpack or JSON, in the order of its descriptor;
 * message_repack() copies the fields that have not changed. */

#include "config.h"

#include <inttypes.h>

#include "lib/json/json_write.h"
#include "lib/msgpack/msgpack.h"
#include "schema/direction.h"
#include "schema/message_unpack.h"

static bool
is_there(const struct descriptor *d, const struct message *message, int i)
{
	return d->field[i].is_required || (message->present >> i & 1);
}

static int
field_at(const struct descriptor *d, size_t at)
{
	for (int i = 0; d->field[i].name != NULL; i++)
		if (d->field[i].at == at)
			return i;
	return 63;
}

bool
message_has(const struct descriptor *d, const void *message, size_t at)
{
	return is_there(d, message, field_at(d, at));
}

void
message_set(const struct descriptor *d, void *message, size_t at)
{
	((struct message *)message)->present |= (uint64_t)1 << field_at(d, at);
}

void
message_clear(const struct descriptor *d, void *message, size_t at)
{
	((struct message *)message)->present &= ~((uint64_t)1 << field_at(d, at));
}

static void
pack_value(const struct descriptor *d, const struct field *field, const void *at, struct buf *b)
{
	const struct text *text = at;
	const struct list *list = at;

	switch (field->type) {
	case FIELD_KIND:
		msgpack_write_str(b, d->name);
		break;
	case FIELD_VERSION:
		msgpack_write_int(b, d->version);
		break;
	case FIELD_TEXT:
		msgpack_write_text(b, text->ptr, text->len);
		break;
	case FIELD_ENUM:
		msgpack_write_str(b, field->values[*(const int *)at]);
		break;
	case FIELD_INT:
		msgpack_write_int(b, *(const int64_t *)at);
		break;
	case FIELD_REAL:
		msgpack_write_real(b, *(const double *)at);
		break;
	case FIELD_BOOL:
		msgpack_write_bool(b, *(const bool *)at);
		break;
	case FIELD_DIRECTION:
	case FIELD_PERCENT:
		msgpack_write_bin(b, at, DIMENSIONS);
		break;
	case FIELD_MAP:
		message_encode(field->of, at, b);
		break;
	case FIELD_LIST:
		msgpack_write_list(b, list->len);
		for (size_t i = 0; i < list->len; i++)
			message_encode(field->of, (const char *)list->item + i * field->of->size,
			    b);
		break;
	}
}

static void
pack_head(const struct descriptor *d, const struct message *message, struct buf *b)
{
	size_t n = message->extra_len;

	for (int i = 0; d->field[i].name != NULL; i++)
		n += is_there(d, message, i);
	msgpack_write_map(b, n);
}

/* The fields from `first` on, then those that are not in the descriptor. */
static void
pack_fields(const struct descriptor *d, const void *from, int first, struct buf *b)
{
	const struct message *message = from;

	for (int i = first; d->field[i].name != NULL; i++) {
		const struct field *field = &d->field[i];

		if (!is_there(d, message, i))
			continue;
		msgpack_write_text(b, field->name, field->name_len);
		pack_value(d, field, (const char *)from + field->at, b);
	}
	for (size_t i = 0; i < message->extra_len; i++) {
		msgpack_write_object(b, &message->extra[i].key);
		msgpack_write_object(b, &message->extra[i].val);
	}
}

void
message_encode(const struct descriptor *d, const void *message, struct buf *b)
{
	pack_head(d, message, b);
	pack_fields(d, message, 0, b);
}

void
message_repack(const struct descriptor *d, const void *message, const struct message_packed *packed,
    size_t from, struct buf *b)
{
	int first = field_at(d, from);

	pack_head(d, message, b);
	if (first > 0)
		buf_add(b, packed->fields, packed->end[first - 1]);
	pack_fields(d, message, first, b);
}

static void
json_direction(const struct direction *d, struct buf *b)
{
	static const char *const published[] = { "0", "0.5", "1" };

	buf_add_byte(b, '[');
	for (int i = 0; i < DIMENSIONS; i++) {
		if (i > 0)
			buf_add_byte(b, ',');
		buf_add_str(b, published[d->at[i]]);
	}
	buf_add_byte(b, ']');
}

static void
json_percent(const int8_t *value, struct buf *b)
{
	for (int i = 0; i < DIMENSIONS; i++)
		buf_printf(b, "%c%d", i > 0 ? ',' : '[', value[i]);
	buf_add_byte(b, ']');
}

static int
json_list(const struct descriptor *d, const struct list *list, struct buf *b, struct fault *f)
{
	buf_add_byte(b, '[');
	for (size_t i = 0; i < list->len; i++) {
		if (i > 0)
			buf_add_byte(b, ',');
		if (message_encode_json(d, (const char *)list->item + i * d->size, b, f) < 0)
			return -1;
	}
	buf_add_byte(b, ']');
	return 0;
}

static int
json_value(const struct descriptor *d, const struct field *field, const void *at, struct buf *b,
    struct fault *f)
{
	const struct text *text = at;

	switch (field->type) {
	case FIELD_KIND:
		json_write_text(b, d->name, strlen(d->name));
		break;
	case FIELD_VERSION:
		buf_printf(b, "%d", d->version);
		break;
	case FIELD_TEXT:
		json_write_text(b, text->ptr, text->len);
		break;
	case FIELD_ENUM:
		buf_printf(b, "\"%s\"", field->values[*(const int *)at]);
		break;
	case FIELD_INT:
		buf_printf(b, "%" PRId64, *(const int64_t *)at);
		break;
	case FIELD_REAL:
		json_write_real(b, *(const double *)at);
		break;
	case FIELD_BOOL:
		buf_add_str(b, *(const bool *)at ? "true" : "false");
		break;
	case FIELD_DIRECTION:
		json_direction(at, b);
		break;
	case FIELD_PERCENT:
		json_percent(at, b);
		break;
	case FIELD_MAP:
		return message_encode_json(field->of, at, b, f);
	case FIELD_LIST:
		return json_list(field->of, at, b, f);
	}
	return 0;
}

static int
json_extra(const struct message *message, bool is_first, struct buf *b, struct fault *f)
{
	for (size_t i = 0; i < message->extra_len; i++, is_first = false) {
		const msgpack_object *key = &message->extra[i].key;

		if (key->type != MSGPACK_OBJECT_STR)
			return fault_set(f, "no-json", "a name in a map is not a text");
		if (!is_first)
			buf_add_byte(b, ',');
		json_write_text(b, key->via.str.ptr, key->via.str.size);
		buf_add_byte(b, ':');
		if (json_write_msgpack(b, &message->extra[i].val, f) < 0)
			return -1;
	}
	return 0;
}

int
message_encode_json(const struct descriptor *d, const void *from, struct buf *b, struct fault *f)
{
	const struct message *message = from;
	bool is_first = true;

	buf_add_byte(b, '{');
	for (int i = 0; d->field[i].name != NULL; i++) {
		if (!is_there(d, message, i))
			continue;
		buf_printf(b, "%s\"%s\":", is_first ? "" : ",", d->field[i].name);
		is_first = false;
		if (json_value(d, &d->field[i], (const char *)from + d->field[i].at, b, f) < 0)
			return -1;
	}
	if (json_extra(message, is_first, b, f) < 0)
		return -1;
	buf_add_byte(b, '}');
	return 0;
}
