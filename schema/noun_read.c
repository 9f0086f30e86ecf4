/* noun_read.c - trees into structs, by the layout, with every fault placed. */

#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/direction.h"
#include "schema/noun.h"

/* Where reading stands: the path so far, and what to do with faults. */
struct reading {
	struct arena *arena;
	noun_fault_fn *fn;	/* NULL: the first fault ends it */
	void *with;
	struct fault *first;
	size_t faults, path_len;
	char path[sizeof(((struct fault *)0)->pointer)];
};

static int read_map(struct reading *r, const struct layout *l,
    const msgpack_object *from, void *out);

/* Adds a step to the path, escaped as RFC 6901 wants; returns the old length. */
static size_t
enter(struct reading *r, const char *name, size_t len)
{
	size_t was = r->path_len, at = was;

	if (at + 2 * len + 2 > sizeof(r->path))
		len = 0;
	if (at + 1 < sizeof(r->path))
		r->path[at++] = '/';
	for (size_t i = 0; i < len; i++) {
		if (name[i] == '~' || name[i] == '/')
			r->path[at++] = '~';
		r->path[at++] = name[i] == '~' ? '0' : name[i] == '/' ? '1'
		    : name[i];
	}
	r->path[r->path_len = at] = '\0';
	return was;
}

static void
leave(struct reading *r, size_t was)
{
	r->path[r->path_len = was] = '\0';
}

/* Takes a fault that a reader worded: -1 if reading should end. */
static int
blame(struct reading *r, struct fault *f)
{
	memcpy(f->pointer, r->path, sizeof(f->pointer));
	r->faults++;
	if (r->fn != NULL) {
		r->fn(r->with, f);
		return 0;
	}
	*r->first = *f;
	return -1;
}

#define BLAME(r, ...) do { \
	struct fault blamed = FAULT_NONE; \
	fault_set(&blamed, __VA_ARGS__); \
	return blame(r, &blamed); \
} while (0)

static const char *
what_it_is(const msgpack_object *o)
{
	switch (o->type) {
	case MSGPACK_OBJECT_NIL: return "null";
	case MSGPACK_OBJECT_BOOLEAN: return "a boolean";
	case MSGPACK_OBJECT_POSITIVE_INTEGER:
	case MSGPACK_OBJECT_NEGATIVE_INTEGER: return "an integer";
	case MSGPACK_OBJECT_FLOAT32:
	case MSGPACK_OBJECT_FLOAT64: return "a number";
	case MSGPACK_OBJECT_STR: return "a text";
	case MSGPACK_OBJECT_ARRAY: return "a list";
	case MSGPACK_OBJECT_MAP: return "a map";
	case MSGPACK_OBJECT_BIN: return "bytes";
	default: return "an extension";
	}
}

static bool
is_name(const msgpack_object *o, const char *name)
{
	size_t n = strlen(name);

	return o->type == MSGPACK_OBJECT_STR && o->via.str.size == n
	    && memcmp(o->via.str.ptr, name, n) == 0;
}

static bool
is_number(const msgpack_object *o, double *x)
{
	switch (o->type) {
	case MSGPACK_OBJECT_POSITIVE_INTEGER:
		*x = (double)o->via.u64;
		return true;
	case MSGPACK_OBJECT_NEGATIVE_INTEGER:
		*x = (double)o->via.i64;
		return true;
	case MSGPACK_OBJECT_FLOAT32:
	case MSGPACK_OBJECT_FLOAT64:
		*x = o->via.f64;
		return true;
	default:
		return false;
	}
}

/* Integers, and reals without a fraction, as JSON Schema counts them. */
static bool
is_integer(const msgpack_object *o, int64_t *n, bool *is_huge)
{
	double x;

	*is_huge = false;
	if (o->type == MSGPACK_OBJECT_POSITIVE_INTEGER
	    && o->via.u64 > INT64_MAX)
		return *is_huge = true;
	if (o->type == MSGPACK_OBJECT_POSITIVE_INTEGER
	    || o->type == MSGPACK_OBJECT_NEGATIVE_INTEGER) {
		*n = o->via.i64;
		return true;
	}
	if (!is_number(o, &x) || !isfinite(x) || x != floor(x))
		return false;
	if (x < -9.2e18 || x > 9.2e18)
		return *is_huge = true;
	*n = (int64_t)x;
	return true;
}

static int64_t
code_points(const char *s, size_t len)
{
	int64_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return n;
}

static int
read_text(struct reading *r, const struct field *d, const msgpack_object *o,
    struct text *out)
{
	int64_t n;

	if (o->type != MSGPACK_OBJECT_STR)
		BLAME(r, "wrong-type", "expected a text, found %s", what_it_is(o));
	*out = (struct text){ o->via.str.ptr, o->via.str.size };
	if (d->low == 0 && d->high >= (int64_t)out->len)
		return 0;
	n = code_points(out->ptr, out->len);
	if (n < d->low)
		BLAME(r, "out-of-bounds", "expected a text that is not empty");
	if (n > d->high)
		BLAME(r, "out-of-bounds", "expected at most %" PRId64
		    " characters, found %" PRId64, d->high, n);
	return 0;
}

static int
read_word(struct reading *r, const struct field *d, const msgpack_object *o,
    int *out)
{
	struct buf list = { 0 };
	struct fault f = FAULT_NONE;

	for (int i = 0; d->words[i] != NULL; i++)
		if (is_name(o, d->words[i])) {
			*out = i;
			return 0;
		}
	for (int i = 0; d->words[i] != NULL; i++)
		buf_printf(&list, "%s%s", i ? ", " : "", d->words[i]);
	fault_set(&f, "wrong-type", "expected one of %s; found %s", list.data,
	    o->type == MSGPACK_OBJECT_STR ? "another text" : what_it_is(o));
	buf_release(&list);
	return blame(r, &f);
}

static int
read_int(struct reading *r, const struct field *d, const msgpack_object *o,
    int64_t *out)
{
	bool is_huge;

	if (!is_integer(o, out, &is_huge))
		BLAME(r, "wrong-type", "expected an integer, found %s", what_it_is(o));
	if (is_huge || *out < d->low || *out > d->high)
		BLAME(r, "out-of-bounds", "expected an integer from %" PRId64
		    " to %" PRId64 ", found %" PRId64, d->low, d->high,
		    is_huge ? INT64_MAX : *out);
	return 0;
}

static int
read_real(struct reading *r, const struct field *d, const msgpack_object *o,
    double *out)
{
	if (!is_number(o, out))
		BLAME(r, "wrong-type", "expected a number, found %s", what_it_is(o));
	if (!(*out >= (double)d->low && *out <= (double)d->high))
		BLAME(r, "out-of-bounds", "expected a number from %" PRId64
		    " to %" PRId64 ", found %g", d->low, d->high, *out);
	return 0;
}

/* Shared by directions and hundredths: 90 bytes, or a list of 90 numbers. */
static int
expect_ninety(struct reading *r, const msgpack_object *o)
{
	uint32_t n = o->type == MSGPACK_OBJECT_BIN ? o->via.bin.size
	    : o->type == MSGPACK_OBJECT_ARRAY ? o->via.array.size : 0;

	if (o->type != MSGPACK_OBJECT_BIN && o->type != MSGPACK_OBJECT_ARRAY)
		BLAME(r, "wrong-type", "expected %d values, found %s",
		    DIMENSIONS, what_it_is(o));
	if (n != DIMENSIONS)
		BLAME(r, "out-of-bounds", "expected %d values, found %" PRIu32,
		    DIMENSIONS, n);
	return 1;
}

/* The value of a list or bin at i as a number; its text for a message. */
static bool
number_at(const msgpack_object *o, int i, bool is_signed, double *x)
{
	if (o->type == MSGPACK_OBJECT_ARRAY)
		return is_number(&o->via.array.ptr[i], x);
	*x = is_signed ? (int8_t)o->via.bin.ptr[i]
	    : (unsigned char)o->via.bin.ptr[i];
	return true;
}

/* Blames one of the 90 values. */
static int
blame_item(struct reading *r, const msgpack_object *o, int i, double x,
    bool is_a_number, const char *expected)
{
	struct fault f = FAULT_NONE;
	char step[16];
	size_t was = enter(r, step, (size_t)snprintf(step, sizeof(step), "%d", i));
	int rc;

	if (is_a_number)
		fault_set(&f, "out-of-bounds", "expected %s, found %g", expected, x);
	else
		fault_set(&f, "wrong-type", "expected %s, found %s", expected,
		    what_it_is(&o->via.array.ptr[i]));
	rc = blame(r, &f);
	leave(r, was);
	return rc;
}

static int
read_direction(struct reading *r, const msgpack_object *o, struct direction *out)
{
	/* msgpack holds twice the published value */
	double twice = o->type == MSGPACK_OBJECT_BIN ? 1 : 2;
	int rc = expect_ninety(r, o);

	for (int i = 0; rc == 1 && i < DIMENSIONS; i++) {
		double x = -1;
		bool is_a_number = number_at(o, i, false, &x);

		if (is_a_number && (x * twice == 0 || x * twice == 1 || x * twice == 2))
			out->at[i] = (unsigned char)(x * twice);
		else if (blame_item(r, o, i, x, is_a_number,
		    twice == 2 ? "0, 0.5 or 1" : "0, 1 or 2") < 0)
			return -1;
	}
	return rc < 0 ? -1 : 0;
}

static int
read_hundredths(struct reading *r, const struct field *d,
    const msgpack_object *o, int8_t *out)
{
	int rc = expect_ninety(r, o);
	char expected[64];

	snprintf(expected, sizeof(expected), "an integer from %" PRId64 " to %"
	    PRId64, d->low, d->high);
	for (int i = 0; rc == 1 && i < DIMENSIONS; i++) {
		double x = 0;
		bool is_a_number = number_at(o, i, true, &x);

		if (is_a_number && x == floor(x) && x >= (double)d->low
		    && x <= (double)d->high)
			out[i] = (int8_t)x;
		else if (blame_item(r, o, i, x, is_a_number, expected) < 0)
			return -1;
	}
	return rc < 0 ? -1 : 0;
}

static int
read_list(struct reading *r, const struct field *d, const msgpack_object *o,
    struct list *out)
{
	uint32_t n;
	char *item;

	if (o->type != MSGPACK_OBJECT_ARRAY)
		BLAME(r, "wrong-type", "expected a list, found %s", what_it_is(o));
	n = o->via.array.size;
	if ((int64_t)n < d->low || (int64_t)n > d->high)
		BLAME(r, "out-of-bounds", "expected from %" PRId64 " to %" PRId64
		    " items, found %" PRIu32, d->low, d->high, n);
	*out = (struct list){ arena_get(r->arena, n * d->of->size), n };
	item = out->item;
	for (uint32_t i = 0; i < n; i++, item += d->of->size) {
		char step[16];
		size_t was = enter(r, step,
		    (size_t)snprintf(step, sizeof(step), "%" PRIu32, i));

		if (read_map(r, d->of, &o->via.array.ptr[i], item) < 0)
			return -1;
		leave(r, was);
	}
	return 0;
}

static int
read_kind(struct reading *r, const struct layout *l, const msgpack_object *o)
{
	if (!is_name(o, l->name))
		BLAME(r, "wrong-kind", "expected '%s', found %s%.*s", l->name,
		    o->type == MSGPACK_OBJECT_STR ? "" : what_it_is(o),
		    o->type == MSGPACK_OBJECT_STR && o->via.str.size < 64
		    ? (int)o->via.str.size : 0,
		    o->type == MSGPACK_OBJECT_STR ? o->via.str.ptr : "");
	return 0;
}

static int
read_version(struct reading *r, const struct layout *l, const msgpack_object *o)
{
	int64_t n;
	bool is_huge;

	if (!is_integer(o, &n, &is_huge) || is_huge || n != l->version)
		BLAME(r, "wrong-version", "expected version %d of %s",
		    l->version, l->name);
	return 0;
}

static int
read_value(struct reading *r, const struct layout *l, const struct field *d,
    const msgpack_object *o, void *out)
{
	switch (d->type) {
	case FIELD_KIND: return read_kind(r, l, o);
	case FIELD_VERSION: return read_version(r, l, o);
	case FIELD_TEXT: return read_text(r, d, o, out);
	case FIELD_WORD: return read_word(r, d, o, out);
	case FIELD_INT: return read_int(r, d, o, out);
	case FIELD_REAL: return read_real(r, d, o, out);
	case FIELD_BOOL:
		if (o->type != MSGPACK_OBJECT_BOOLEAN)
			BLAME(r, "wrong-type", "expected true or false, found %s",
			    what_it_is(o));
		*(bool *)out = o->via.boolean;
		return 0;
	case FIELD_DIRECTION: return read_direction(r, o, out);
	case FIELD_HUNDREDTHS: return read_hundredths(r, d, o, out);
	case FIELD_MAP: return read_map(r, d->of, o, out);
	case FIELD_LIST: return read_list(r, d, o, out);
	}
	return -1;
}

/* The layout's field of a name.  Writers keep the layout's order, so the
 * search begins where the last one ended. */
static int
find_field(const struct layout *l, const msgpack_object *key, int from)
{
	for (int i = from; l->field[i].name != NULL; i++)
		if (is_name(key, l->field[i].name))
			return i;
	for (int i = 0; i < from && l->field[i].name != NULL; i++)
		if (is_name(key, l->field[i].name))
			return i;
	return -1;
}

static int
blame_field(struct reading *r, const char *name, const char *code,
    const char *text)
{
	size_t was = enter(r, name, strlen(name));
	struct fault f = FAULT_NONE;
	int rc;

	fault_set(&f, code, "%s", text);
	rc = blame(r, &f);
	leave(r, was);
	return rc;
}

static int
read_field(struct reading *r, const struct layout *l, int i,
    const msgpack_object *value, void *out)
{
	const struct field *d = &l->field[i];
	struct noun *noun = out;
	size_t was;

	if (noun->present >> i & 1)
		return blame_field(r, d->name, "doubled-field",
		    "this field stands twice");
	noun->present |= (uint64_t)1 << i;
	was = enter(r, d->name, strlen(d->name));
	if (read_value(r, l, d, value, (char *)out + d->at) < 0)
		return -1;
	leave(r, was);
	return 0;
}

static void
keep_extra(struct reading *r, struct noun *noun, const msgpack_object_kv *kv,
    uint32_t most)
{
	msgpack_object_kv *room = noun->extra_len > 0
	    ? (msgpack_object_kv *)(uintptr_t)noun->extra
	    : arena_get(r->arena, most * sizeof(*room));

	room[noun->extra_len++] = *kv;
	noun->extra = room;
}

static int
read_map(struct reading *r, const struct layout *l, const msgpack_object *from,
    void *out)
{
	struct noun *noun = out;
	int next = 0;

	memset(out, 0, l->size);
	if (from->type != MSGPACK_OBJECT_MAP)
		BLAME(r, "wrong-type", "expected a map, found %s", what_it_is(from));
	for (uint32_t i = 0; i < from->via.map.size; i++) {
		const msgpack_object_kv *kv = &from->via.map.ptr[i];
		int found = find_field(l, &kv->key, next);

		if (found < 0) {
			keep_extra(r, noun, kv, from->via.map.size - i);
			continue;
		}
		next = found + 1;
		if (read_field(r, l, found, &kv->val, out) < 0)
			return -1;
	}
	for (int i = 0; l->field[i].name != NULL; i++)
		if (l->field[i].is_required && !(noun->present >> i & 1)
		    && blame_field(r, l->field[i].name, "missing-field",
		    "this field is missing") < 0)
			return -1;
	return 0;
}

int
noun_read(const struct layout *l, const msgpack_object *from, struct arena *a,
    void *out, struct fault *f)
{
	struct fault first = FAULT_NONE;
	struct reading r = { .arena = a, .first = &first };
	int rc = read_map(&r, l, from, out);

	if (rc < 0 && f->text[0] == '\0')
		*f = first;
	return rc;
}

size_t
noun_check(const struct layout *l, const msgpack_object *from, struct arena *a,
    noun_fault_fn *fn, void *with)
{
	struct reading r = { .arena = a, .fn = fn, .with = with };

	read_map(&r, l, from, arena_get(a, l->size));
	return r.faults;
}
