#include "config.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/json_pointer.h"
#include "stages/ingest/field.h"

/* Beyond it a real may be another integer than was written; nouns end there. */
#define INTEGER_MOST ((1LL << 53) - 1)

enum { NUMBER_MAX_LEN = 32 };

const char *
ingest_field_kind(const struct json_node *n)
{
	switch (n->kind) {
	case JSON_ABSENT: return "nothing";
	case JSON_NULL: return "null";
	case JSON_BOOL: return n->truth ? "true" : "false";
	case JSON_INT:
	case JSON_UINT: return "an integer";
	case JSON_REAL: return "a number";
	case JSON_TEXT: return "a text";
	case JSON_LIST: return "a list";
	default: return "a map";
	}
}

int
ingest_field_blame(const char *name, struct fault *f, const char *code,
    const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	pointer_under(f, name, strlen(name));
	return fault_set(f, code, "%s", text);
}

static bool
is_there(const struct json_node *n)
{
	return n->kind != JSON_ABSENT && n->kind != JSON_NULL;
}

static int
blame_kind(const struct json_node *n, const char *name, const char *expected,
    struct fault *f)
{
	if (n->kind == JSON_ABSENT)
		return ingest_field_blame(name, f, "missing-field",
		    "this field is missing");
	return ingest_field_blame(name, f, "wrong-type", "expected %s, found %s",
	    expected, ingest_field_kind(n));
}

int
ingest_field_need_text(const struct json_node *n, const char *name,
    struct text *out, struct fault *f)
{
	if (n->kind != JSON_TEXT)
		return blame_kind(n, name, "a text", f);
	*out = (struct text){ n->text.ptr, n->text.len };
	return 0;
}

int
ingest_field_need_list(const struct json_node *n, const char *name,
    struct fault *f)
{
	return n->kind == JSON_LIST ? 0 : blame_kind(n, name, "a list", f);
}

int
ingest_field_need_map(const struct json_node *n, const char *name,
    struct fault *f)
{
	return n->kind == JSON_MAP ? 0 : blame_kind(n, name, "a map", f);
}

int
ingest_field_text(const struct json_node *n, const char *name,
    struct text *out, struct fault *f)
{
	if (!is_there(n))
		return 0;
	return ingest_field_need_text(n, name, out, f) < 0 ? -1 : 1;
}

int
ingest_field_bool(const struct json_node *n, const char *name, bool *out,
    struct fault *f)
{
	if (!is_there(n))
		return 0;
	if (n->kind != JSON_BOOL)
		return blame_kind(n, name, "true or false", f);
	*out = n->truth;
	return 1;
}

/* A text that is a number from its first byte to its last. */
static bool
read_number(const char *s, size_t len, double *x)
{
	char copy[NUMBER_MAX_LEN], *end;

	if (len == 0 || len >= sizeof(copy))
		return false;
	memcpy(copy, s, len);
	copy[len] = '\0';
	if (strspn(copy, "0123456789+-.eE") < len)
		return false;
	*x = strtod(copy, &end);
	return *end == '\0';
}

static bool
to_real(const struct json_node *n, double *x)
{
	switch (n->kind) {
	case JSON_INT: *x = (double)n->integer; return true;
	case JSON_UINT: *x = (double)n->natural; return true;
	case JSON_REAL: *x = n->real; return true;
	case JSON_TEXT: return read_number(n->text.ptr, n->text.len, x);
	default: return false;
	}
}

static int
read_int(const struct json_node *n, const char *name, bool may_cut,
    int64_t *out, struct fault *f)
{
	double x;

	if (n->kind == JSON_INT && n->integer >= -INTEGER_MOST
	    && n->integer <= INTEGER_MOST) {
		*out = n->integer;
		return 1;
	}
	if (!is_there(n))
		return 0;
	if (!to_real(n, &x) && n->kind == JSON_TEXT)
		return ingest_field_blame(name, f, "wrong-type",
		    "expected an integer, found a text that holds none");
	if (!to_real(n, &x))
		return blame_kind(n, name, "an integer", f);
	if (may_cut)
		x = floor(x);
	if (x != floor(x))
		return ingest_field_blame(name, f, "wrong-type",
		    "expected an integer, found %g", x);
	if (fabs(x) > (double)INTEGER_MOST)
		return ingest_field_blame(name, f, "out-of-bounds",
		    "expected at most %lld, found %g", INTEGER_MOST, x);
	*out = (int64_t)x;
	return 1;
}

int
ingest_field_int(const struct json_node *n, const char *name, int64_t *out,
    struct fault *f)
{
	return read_int(n, name, false, out, f);
}

int
ingest_field_time(const struct json_node *n, const char *name, int64_t *out,
    struct fault *f)
{
	return read_int(n, name, true, out, f);
}

int
ingest_field_rating(const struct json_node *n, const char *name, double low,
    double high, double *out, struct fault *f)
{
	if (!is_there(n) || (n->kind == JSON_TEXT && n->text.len == 3
	    && memcmp(n->text.ptr, "N/A", 3) == 0))
		return 0;
	if (!to_real(n, out))
		return blame_kind(n, name, "a number", f);
	if (!(*out >= low && *out <= high))
		return ingest_field_blame(name, f, "out-of-bounds",
		    "expected a number from %g to %g, found %g", low, high, *out);
	return 1;
}
