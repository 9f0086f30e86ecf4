#include "config.h"

#include <string.h>

#include "lib/msgpack/msgpack.h"
#include "lib/msgpack/msgpack_token.h"
#include "lib/core/utf8.h"
#include "schema/direction.h"
#include "schema/message_unpack.h"

struct unpacking {
	const unsigned char *at, *end;
	struct arena *arena;
};

static bool unpack_map(struct unpacking *u, const struct descriptor *d, void *out,
    struct message_packed *packed);

static inline size_t
left(const struct unpacking *u)
{
	return (size_t)(u->end - u->at);
}

/* The next byte, or 0xc1, which msgpack never uses. */
static inline unsigned
peek(const struct unpacking *u)
{
	return u->at < u->end ? *u->at : 0xc1;
}

/* The length after a head of one byte; it must need all of its bytes. */
static inline bool
take_length(struct unpacking *u, size_t bytes, size_t least, size_t *n)
{
	if (left(u) < 1 + bytes)
		return false;
	*n = (size_t)msgpack_big_endian(u->at + 1, bytes);
	u->at += 1 + bytes;
	return *n >= least;
}

static bool
take_text(struct unpacking *u, struct text *out)
{
	unsigned head = peek(u);
	size_t n = head & 0x1f;
	bool is_text = true;

	if ((head & 0xe0) == 0xa0)
		u->at++;
	else if (head == 0xd9)
		is_text = take_length(u, 1, 32, &n);
	else if (head == 0xda)
		is_text = take_length(u, 2, 256, &n);
	else
		is_text = head == 0xdb && take_length(u, 4, 65536, &n);
	if (!is_text || n > left(u))
		return false;
	*out = (struct text){ (const char *)u->at, n };
	u->at += n;
	return utf8_is_valid(out->ptr, n);
}

/* An integer in its shortest form. */
static bool
take_int(struct unpacking *u, int64_t *out)
{
	unsigned head = peek(u);
	size_t bytes = (size_t)1 << (head & 3);
	uint64_t n;

	if (head < 0x80 || head >= 0xe0) {
		u->at++;
		*out = (int8_t)head;
		return true;
	}
	if (head < 0xcc || head > 0xd3 || left(u) < 1 + bytes)
		return false;
	n = msgpack_big_endian(u->at + 1, bytes);
	u->at += 1 + bytes;
	if (head < 0xd0) {
		*out = (int64_t)n;
		return n <= INT64_MAX && n >> (bytes == 1 ? 7 : 8 * bytes / 2) != 0;
	}
	*out = (int64_t)(n << (64 - 8 * bytes)) >> (64 - 8 * bytes);
	return *out < (bytes == 1 ? -32 : -((int64_t)1 << (8 * bytes / 2 - 1)));
}

static bool
take_list_head(struct unpacking *u, size_t *n)
{
	unsigned head = peek(u);

	*n = head & 0x0f;
	if ((head & 0xf0) == 0x90) {
		u->at++;
		return true;
	}
	return head == 0xdc ? take_length(u, 2, 16, n)
			    : head == 0xdd && take_length(u, 4, 65536, n);
}

static bool
unpack_text(struct unpacking *u, const struct field *field, struct text *out)
{
	/* no more bytes than characters allowed: nothing to count */
	return take_text(u, out) && (field->low == 0 || (field->low == 1 && out->len > 0))
	    && (int64_t)out->len <= field->high;
}

static bool
unpack_enum(struct unpacking *u, const struct field *field, int *out)
{
	struct text word;

	if (!take_text(u, &word))
		return false;
	for (int i = 0; field->values[i] != NULL; i++)
		if (text_is(&word, field->values[i])) {
			*out = i;
			return true;
		}
	return false;
}

static bool
unpack_name(struct unpacking *u, const struct descriptor *d)
{
	struct text word;

	return take_text(u, &word) && text_is(&word, d->name);
}

static bool
unpack_version(struct unpacking *u, const struct descriptor *d)
{
	int64_t n;

	return take_int(u, &n) && n == d->version;
}

static bool
unpack_int(struct unpacking *u, const struct field *field, int64_t *out)
{
	return take_int(u, out) && *out >= field->low && *out <= field->high;
}

static bool
unpack_real(struct unpacking *u, const struct field *field, double *out)
{
	uint64_t bits;

	if (peek(u) != 0xcb || left(u) < 9)
		return false;
	bits = msgpack_big_endian(u->at + 1, 8);
	memcpy(out, &bits, sizeof(bits));
	u->at += 9;
	return *out >= (double)field->low && *out <= (double)field->high;
}

static bool
unpack_bool(struct unpacking *u, bool *out)
{
	unsigned head = peek(u);

	u->at++;
	*out = head == 0xc3;
	return head == 0xc2 || head == 0xc3;
}

/* 90 bytes, all within bounds. */
static bool
unpack_ninety(struct unpacking *u, int64_t low, int64_t high, void *out)
{
	size_t n;
	bool is_within = true;

	if (peek(u) != 0xc4 || !take_length(u, 1, DIMENSIONS, &n) || n != DIMENSIONS
	    || left(u) < DIMENSIONS)
		return false;
	for (int i = 0; i < DIMENSIONS; i++) {
		int8_t x = (int8_t)u->at[i];

		is_within &= x >= low && x <= high;
	}
	memcpy(out, u->at, DIMENSIONS);
	u->at += DIMENSIONS;
	return is_within;
}

static bool
unpack_list(struct unpacking *u, const struct field *field, struct list *out)
{
	size_t n;

	if (!take_list_head(u, &n) || n > left(u) || (int64_t)n < field->low
	    || (int64_t)n > field->high)
		return false;
	*out = (struct list){ arena_alloc(u->arena, n * field->of->size), n };
	for (size_t i = 0; i < n; i++)
		if (!unpack_map(u, field->of, (char *)out->item + i * field->of->size, NULL))
			return false;
	return true;
}

static bool
unpack_value(struct unpacking *u, const struct descriptor *d, const struct field *field, void *out)
{
	switch (field->type) {
	case FIELD_KIND:
		return unpack_name(u, d);
	case FIELD_VERSION:
		return unpack_version(u, d);
	case FIELD_TEXT:
		return unpack_text(u, field, out);
	case FIELD_ENUM:
		return unpack_enum(u, field, out);
	case FIELD_INT:
		return unpack_int(u, field, out);
	case FIELD_REAL:
		return unpack_real(u, field, out);
	case FIELD_BOOL:
		return unpack_bool(u, out);
	case FIELD_DIRECTION:
		return unpack_ninety(u, 0, 2, out);
	case FIELD_PERCENT:
		return unpack_ninety(u, field->low, field->high, out);
	case FIELD_MAP:
		return unpack_map(u, field->of, out, NULL);
	case FIELD_LIST:
		return unpack_list(u, field, out);
	}
	return false;
}

static bool
take_map_head(struct unpacking *u, size_t *n)
{
	unsigned head = peek(u);

	*n = head & 0x0f;
	if ((head & 0xf0) == 0x80) {
		u->at++;
		return true;
	}
	return head == 0xde && take_length(u, 2, 16, n);
}

static inline uint64_t
load_eight(const void *from)
{
	uint64_t x;

	memcpy(&x, from, sizeof(x));
	return x;
}

static inline uint32_t
load_four(const void *from)
{
	uint32_t x;

	memcpy(&x, from, sizeof(x));
	return x;
}

/* Names are short: two loads, which may overlap, cover most of them. */
static inline bool
is_same(const unsigned char *a, const char *b, size_t n)
{
	if (n > 16 || n < 4)
		return memcmp(a, b, n) == 0;
	if (n >= 8)
		return load_eight(a) == load_eight(b)
		    && load_eight(a + n - 8) == load_eight(b + n - 8);
	return load_four(a) == load_four(b) && load_four(a + n - 4) == load_four(b + n - 4);
}

/* Does the name of this field come next? */
static inline bool
take_name(struct unpacking *u, const struct field *field)
{
	size_t n = field->name_len;

	if (left(u) < 1 + n || *u->at != (0xa0 | n) || !is_same(u->at + 1, field->name, n))
		return false;
	u->at += 1 + n;
	return true;
}

static bool
unpack_map(struct unpacking *u, const struct descriptor *d, void *out,
    struct message_packed *packed)
{
	struct message *message = out;
	const unsigned char *fields;
	size_t n;

	memset(out, 0, d->size);
	if (!take_map_head(u, &n))
		return false;
	fields = u->at;
	for (int i = 0; d->field[i].name != NULL; i++) {
		const struct field *field = &d->field[i];

		if (n > 0 && take_name(u, field)) {
			if (!unpack_value(u, d, field, (char *)out + field->at))
				return false;
			message->present |= (uint64_t)1 << i;
			n--;
		} else if (field->is_required)
			return false;
		if (packed != NULL)
			packed->end[i] = (size_t)(u->at - fields);
	}
	if (packed != NULL)
		packed->fields = (const char *)fields;
	return n == 0;
}

bool
message_unpack(const struct descriptor *d, const void *data, size_t len, struct arena *a, void *out,
    struct message_packed *packed)
{
	struct unpacking u = { .at = data, .end = (const unsigned char *)data + len, .arena = a };

	return unpack_map(&u, d, out, packed) && u.at == u.end;
}
