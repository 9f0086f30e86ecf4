#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "lib/core/base64.h"
#include "lib/core/json_pointer.h"
#include "lib/json/json_write.h"

/* Does none of eight bytes need an escape?  In x - n, a byte less than n borrows and sets its
 * top bit; & ~x excludes bytes above 0x7f. */
static inline bool
is_plain(uint64_t w)
{
	const uint64_t ones = 0x0101010101010101, high = 0x8080808080808080;
	const uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';

	return ((((w - ones * 0x20) & ~w) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash))
		   & high)
	    == 0;
}

static size_t
plain_run(const char *s, size_t len)
{
	uint64_t word;
	size_t i = 0;

	for (; i + sizeof(word) <= len; i += sizeof(word)) {
		memcpy(&word, s + i, sizeof(word));
		if (!is_plain(word))
			break;
	}
	while (i < len && (unsigned char)s[i] >= 0x20 && s[i] != '"' && s[i] != '\\')
		i++;
	return i;
}

static void
put_escape(struct buf *b, char c)
{
	static const char letter[0x20] = {
		['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'
	};

	if ((unsigned char)c >= 0x20)
		buf_add(b, (char[]){ '\\', c }, 2);
	else if (letter[(unsigned char)c] != '\0')
		buf_add(b, (char[]){ '\\', letter[(unsigned char)c] }, 2);
	else
		buf_printf(b, "\\u%04x", (unsigned)c);
}

void
json_write_text(struct buf *b, const char *s, size_t len)
{
	buf_add_byte(b, '"');
	while (len > 0) {
		size_t run = plain_run(s, len);

		buf_add(b, s, run);
		if (run < len)
			put_escape(b, s[run++]);
		s += run;
		len -= run;
	}
	buf_add_byte(b, '"');
}

void
json_write_base64(struct buf *b, const void *data, size_t n)
{
	buf_add_byte(b, '"');
	buf_reserve(b, base64_encoded_len(n) + 1);
	base64_encode(b->data + b->len, data, n);
	b->len += base64_encoded_len(n);
	buf_add_byte(b, '"');
}

bool
json_is_reserved_name(const char *name, size_t len)
{
	size_t i = 0;

	while (i < len && name[i] == '$')
		i++;
	return i > 0 && len - i == 3
	    && (memcmp(name + i, "bin", 3) == 0 || memcmp(name + i, "ext", 3) == 0);
}

static int
put_real(struct buf *b, double x, struct fault *f)
{
	if (!isfinite(x))
		return fault_set(f, "no-json", "JSON has no number for %g", x);
	json_write_real(b, x);
	return 0;
}

static int
put_list(struct buf *b, const msgpack_object_array *list, struct fault *f)
{
	buf_add_byte(b, '[');
	for (uint32_t i = 0; i < list->size; i++) {
		if (i > 0)
			buf_add_byte(b, ',');
		if (json_write_msgpack(b, &list->ptr[i], f) < 0) {
			json_pointer_prepend_index(f, i);
			return -1;
		}
	}
	buf_add_byte(b, ']');
	return 0;
}

static void
put_name(struct buf *b, const msgpack_object_str *name)
{
	/* a field called "$bin" becomes "$$bin" */
	if (json_is_reserved_name(name->ptr, name->size)) {
		buf_add_str(b, "\"$");
		buf_add(b, name->ptr, name->size);
		buf_add_byte(b, '"');
	} else {
		json_write_text(b, name->ptr, name->size);
	}
}

static int
put_map(struct buf *b, const msgpack_object_map *map, struct fault *f)
{
	buf_add_byte(b, '{');
	for (uint32_t i = 0; i < map->size; i++) {
		const msgpack_object *key = &map->ptr[i].key;

		if (key->type != MSGPACK_OBJECT_STR)
			return fault_set(f, "no-json",
			    "JSON has no maps with names that are not texts");
		if (i > 0)
			buf_add_byte(b, ',');
		put_name(b, &key->via.str);
		buf_add_byte(b, ':');
		if (json_write_msgpack(b, &map->ptr[i].val, f) < 0) {
			json_pointer_prepend(f, key->via.str.ptr, key->via.str.size);
			return -1;
		}
	}
	buf_add_byte(b, '}');
	return 0;
}

static void
put_bytes(struct buf *b, const void *data, size_t n)
{
	buf_add_str(b, "\"$bin\":");
	json_write_base64(b, data, n);
	buf_add_byte(b, '}');
}

int
json_write_msgpack(struct buf *b, const msgpack_object *o, struct fault *f)
{
	switch (o->type) {
	case MSGPACK_OBJECT_NIL:
		buf_add_str(b, "null");
		break;
	case MSGPACK_OBJECT_BOOLEAN:
		buf_add_str(b, o->via.boolean ? "true" : "false");
		break;
	case MSGPACK_OBJECT_POSITIVE_INTEGER:
		buf_printf(b, "%" PRIu64, o->via.u64);
		break;
	case MSGPACK_OBJECT_NEGATIVE_INTEGER:
		buf_printf(b, "%" PRId64, o->via.i64);
		break;
	case MSGPACK_OBJECT_FLOAT32:
	case MSGPACK_OBJECT_FLOAT64:
		return put_real(b, o->via.f64, f);
	case MSGPACK_OBJECT_STR:
		json_write_text(b, o->via.str.ptr, o->via.str.size);
		break;
	case MSGPACK_OBJECT_ARRAY:
		return put_list(b, &o->via.array, f);
	case MSGPACK_OBJECT_MAP:
		return put_map(b, &o->via.map, f);
	case MSGPACK_OBJECT_BIN:
		buf_add_byte(b, '{');
		put_bytes(b, o->via.bin.ptr, o->via.bin.size);
		break;
	case MSGPACK_OBJECT_EXT:
		buf_printf(b, "{\"$ext\":%d,", o->via.ext.type);
		put_bytes(b, o->via.ext.ptr, o->via.ext.size);
		break;
	}
	return 0;
}

/* The counts of one group. */
static void
write_group(struct buf *b, const struct counters *c, const char *group)
{
	const char *before = "{";

	for (size_t i = 0; i < c->len; i++) {
		if (c->item[i].group != group)
			continue;
		buf_add_str(b, before);
		json_write_text(b, c->item[i].name, strlen(c->item[i].name));
		buf_printf(b, ":%" PRIu64, c->item[i].n);
		before = ",";
	}
	if (*before == '{')
		buf_add_byte(b, '{');
	buf_add_byte(b, '}');
}

void
json_write_counters(struct buf *b, const struct counters *c)
{
	write_group(b, c, NULL);
}

void
json_write_counter_groups(struct buf *b, const struct counters *c)
{
	const char *before = "{";

	for (size_t i = 0; i < c->len; i++) {
		size_t first = 0;

		while (c->item[first].group != c->item[i].group)
			first++;
		if (first < i || c->item[i].group == NULL)
			continue;
		buf_add_str(b, before);
		json_write_text(b, c->item[i].group, strlen(c->item[i].group));
		buf_add_byte(b, ':');
		write_group(b, c, c->item[i].group);
		before = ",";
	}
	if (*before == '{')
		buf_add_byte(b, '{');
	buf_add_byte(b, '}');
}
