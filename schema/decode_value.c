#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/decode_value.h"

size_t
decode_enter_index(struct decode *r, uint32_t index)
{
	char step[16];
	int n = snprintf(step, sizeof(step), "%" PRIu32, index);

	return decode_enter(r, step, (size_t)n);
}

size_t
decode_enter(struct decode *r, const char *name, size_t len)
{
	size_t was = r->path_len, at = was;

	if (at + 2 * len + 2 > sizeof(r->path))
		len = 0;
	if (at + 1 < sizeof(r->path))
		r->path[at++] = '/';
	for (size_t i = 0; i < len; i++) {
		if (name[i] == '~' || name[i] == '/')
			r->path[at++] = '~';
		r->path[at++] = name[i] == '~' ? '0' : name[i] == '/' ? '1' : name[i];
	}
	r->path[r->path_len = at] = '\0';
	return was;
}

void
decode_leave(struct decode *r, size_t was)
{
	r->path[r->path_len = was] = '\0';
}

int
decode_fault(struct decode *r, struct fault *f)
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

const char *
decode_type_name(const msgpack_object *o)
{
	switch (o->type) {
	case MSGPACK_OBJECT_NIL:
		return "null";
	case MSGPACK_OBJECT_BOOLEAN:
		return "a boolean";
	case MSGPACK_OBJECT_POSITIVE_INTEGER:
	case MSGPACK_OBJECT_NEGATIVE_INTEGER:
		return "an integer";
	case MSGPACK_OBJECT_FLOAT32:
	case MSGPACK_OBJECT_FLOAT64:
		return "a number";
	case MSGPACK_OBJECT_STR:
		return "a text";
	case MSGPACK_OBJECT_ARRAY:
		return "a list";
	case MSGPACK_OBJECT_MAP:
		return "a map";
	case MSGPACK_OBJECT_BIN:
		return "bytes";
	default:
		return "an extension";
	}
}

bool
decode_is_str(const msgpack_object *o, const char *name)
{
	return o->type == MSGPACK_OBJECT_STR
	    && text_is(&(struct text){ o->via.str.ptr, o->via.str.size }, name);
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

bool
decode_as_integer(const msgpack_object *o, int64_t *n, bool *is_huge)
{
	double x;

	*is_huge = false;
	if (o->type == MSGPACK_OBJECT_POSITIVE_INTEGER && o->via.u64 > INT64_MAX)
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

int
decode_text(struct decode *r, const struct field *field, const msgpack_object *o, struct text *out)
{
	int64_t n;

	if (o->type != MSGPACK_OBJECT_STR)
		DECODE_FAULT(r, "wrong-type", "expected a text, found %s", decode_type_name(o));
	*out = (struct text){ o->via.str.ptr, o->via.str.size };
	if (field->low == 0 && field->high >= (int64_t)out->len)
		return 0;
	n = code_points(out->ptr, out->len);
	if (n < field->low)
		DECODE_FAULT(r, "out-of-bounds", "expected a text that is not empty");
	if (n > field->high)
		DECODE_FAULT(r, "out-of-bounds",
		    "expected at most %" PRId64 " characters, found %" PRId64, field->high, n);
	return 0;
}

int
decode_enum(struct decode *r, const struct field *field, const msgpack_object *o, int *out)
{
	struct buf list = { 0 };
	struct fault f = FAULT_NONE;

	for (int i = 0; field->values[i] != NULL; i++)
		if (decode_is_str(o, field->values[i])) {
			*out = i;
			return 0;
		}
	for (int i = 0; field->values[i] != NULL; i++)
		buf_printf(&list, "%s%s", i ? ", " : "", field->values[i]);
	fault_set(&f, "wrong-type", "expected one of %s; found %s", list.data,
	    o->type == MSGPACK_OBJECT_STR ? "another text" : decode_type_name(o));
	buf_release(&list);
	return decode_fault(r, &f);
}

int
decode_int(struct decode *r, const struct field *field, const msgpack_object *o, int64_t *out)
{
	bool is_huge;

	if (!decode_as_integer(o, out, &is_huge))
		DECODE_FAULT(r, "wrong-type", "expected an integer, found %s", decode_type_name(o));
	if (is_huge || *out < field->low || *out > field->high)
		DECODE_FAULT(r, "out-of-bounds",
		    "expected an integer from %" PRId64 " to %" PRId64 ", found %" PRId64,
		    field->low, field->high, is_huge ? INT64_MAX : *out);
	return 0;
}

int
decode_real(struct decode *r, const struct field *field, const msgpack_object *o, double *out)
{
	if (!is_number(o, out))
		DECODE_FAULT(r, "wrong-type", "expected a number, found %s", decode_type_name(o));
	if (!(*out >= (double)field->low && *out <= (double)field->high))
		DECODE_FAULT(r, "out-of-bounds",
		    "expected a number from %" PRId64 " to %" PRId64 ", found %g", field->low,
		    field->high, *out);
	return 0;
}

/* A direction or percentages: 90 bytes, or a list of 90 numbers. */
static int
expect_ninety(struct decode *r, const msgpack_object *o)
{
	uint32_t n = o->type == MSGPACK_OBJECT_BIN ? o->via.bin.size
	    : o->type == MSGPACK_OBJECT_ARRAY      ? o->via.array.size
						   : 0;

	if (o->type != MSGPACK_OBJECT_BIN && o->type != MSGPACK_OBJECT_ARRAY)
		DECODE_FAULT(r, "wrong-type", "expected %d values, found %s", DIMENSIONS,
		    decode_type_name(o));
	if (n != DIMENSIONS)
		DECODE_FAULT(r, "out-of-bounds", "expected %d values, found %" PRIu32, DIMENSIONS,
		    n);
	return 1;
}

/* Value i of a list or bin. */
static bool
number_at(const msgpack_object *o, int i, bool is_signed, double *x)
{
	if (o->type == MSGPACK_OBJECT_ARRAY)
		return is_number(&o->via.array.ptr[i], x);
	*x = is_signed ? (int8_t)o->via.bin.ptr[i] : (unsigned char)o->via.bin.ptr[i];
	return true;
}

/* Reports one of the 90 values. */
static int
blame_item(struct decode *r, const msgpack_object *o, int i, double x, bool is_a_number,
    const char *expected)
{
	struct fault f = FAULT_NONE;
	size_t was = decode_enter_index(r, (uint32_t)i);
	int rc;

	if (is_a_number)
		fault_set(&f, "out-of-bounds", "expected %s, found %g", expected, x);
	else
		fault_set(&f, "wrong-type", "expected %s, found %s", expected,
		    decode_type_name(&o->via.array.ptr[i]));
	rc = decode_fault(r, &f);
	decode_leave(r, was);
	return rc;
}

int
decode_direction(struct decode *r, const msgpack_object *o, struct direction *out)
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
			     twice == 2 ? "0, 0.5 or 1" : "0, 1 or 2")
		    < 0)
			return -1;
	}
	return rc < 0 ? -1 : 0;
}

int
decode_percent(struct decode *r, const struct field *field, const msgpack_object *o, int8_t *out)
{
	int rc = expect_ninety(r, o);
	char expected[64];

	snprintf(expected, sizeof(expected), "an integer from %" PRId64 " to %" PRId64, field->low,
	    field->high);
	for (int i = 0; rc == 1 && i < DIMENSIONS; i++) {
		double x = 0;
		bool is_a_number = number_at(o, i, true, &x);

		if (is_a_number && x == floor(x) && x >= (double)field->low
		    && x <= (double)field->high)
			out[i] = (int8_t)x;
		else if (blame_item(r, o, i, x, is_a_number, expected) < 0)
			return -1;
	}
	return rc < 0 ? -1 : 0;
}
