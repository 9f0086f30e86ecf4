#include "config.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/json_pointer.h"
#include "lib/core/rfc3339.h"
#include "stages/ingest/field.h"

/* The largest integer that a double represents exactly with all below it. */
#define INTEGER_MAX ((1LL << 53) - 1)

enum { NUMBER_LEN_MAX = 32, SHOWN_MAX = 40 };

const char *
field_type_name(const struct json_node *n)
{
	switch (n->kind) {
	case JSON_ABSENT:
		return "nothing";
	case JSON_NULL:
		return "null";
	case JSON_BOOL:
		return n->truth ? "true" : "false";
	case JSON_INT:
	case JSON_UINT:
		return "an integer";
	case JSON_REAL:
		return "a number";
	case JSON_TEXT:
		return "a text";
	case JSON_LIST:
		return "a list";
	default:
		return "a map";
	}
}

int
field_fault(const char *name, struct fault *f, const char *code, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	json_pointer_prepend(f, name, strlen(name));
	return fault_set(f, code, "%s", text);
}

static bool
is_there(const struct json_node *n)
{
	return n->kind != JSON_ABSENT && n->kind != JSON_NULL;
}

static int
wrong_type(const struct json_node *n, const char *name, const char *expected, struct fault *f)
{
	if (n->kind == JSON_ABSENT)
		return field_fault(name, f, "missing-field", "this field is missing");
	return field_fault(name, f, "wrong-type", "expected %s, found %s", expected,
	    field_type_name(n));
}

int
field_require_text(const struct json_node *n, const char *name, struct text *out, struct fault *f)
{
	if (n->kind != JSON_TEXT)
		return wrong_type(n, name, "a text", f);
	*out = (struct text){ n->text.ptr, n->text.len };
	return 0;
}

int
field_require_list(const struct json_node *n, const char *name, struct fault *f)
{
	return n->kind == JSON_LIST ? 0 : wrong_type(n, name, "a list", f);
}

int
field_require_map(const struct json_node *n, const char *name, struct fault *f)
{
	return n->kind == JSON_MAP ? 0 : wrong_type(n, name, "a map", f);
}

int
field_text(const struct json_node *n, const char *name, struct text *out, struct fault *f)
{
	if (!is_there(n))
		return 0;
	return field_require_text(n, name, out, f) < 0 ? -1 : 1;
}

int
field_bool(const struct json_node *n, const char *name, bool *out, struct fault *f)
{
	if (!is_there(n))
		return 0;
	if (n->kind != JSON_BOOL)
		return wrong_type(n, name, "true or false", f);
	*out = n->truth;
	return 1;
}

/* Is the whole text a number? */
static bool
read_number(const char *s, size_t len, double *x)
{
	char copy[NUMBER_LEN_MAX], *end;

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
	case JSON_INT:
		*x = (double)n->integer;
		return true;
	case JSON_UINT:
		*x = (double)n->natural;
		return true;
	case JSON_REAL:
		*x = n->real;
		return true;
	case JSON_TEXT:
		return read_number(n->text.ptr, n->text.len, x);
	default:
		return false;
	}
}

static int
not_a_number(const struct json_node *n, const char *name, const char *expected, struct fault *f)
{
	char shown[SHOWN_MAX + 1] = "";

	if (n->kind != JSON_TEXT)
		return wrong_type(n, name, expected, f);
	for (size_t i = 0; i < SHOWN_MAX && i < n->text.len; i++)
		shown[i] = n->text.ptr[i] >= ' ' && n->text.ptr[i] <= '~' ? n->text.ptr[i] : '?';
	return field_fault(name, f, "wrong-type", "expected %s, found the text '%s'", expected,
	    shown);
}

static int
to_int(double x, const char *name, int64_t *out, struct fault *f)
{
	if (x != floor(x))
		return field_fault(name, f, "wrong-type", "expected an integer, found %g", x);
	if (fabs(x) > (double)INTEGER_MAX)
		return field_fault(name, f, "out-of-bounds", "expected at most %lld, found %g",
		    INTEGER_MAX, x);
	*out = (int64_t)x;
	return 1;
}

static bool
is_exact_int(const struct json_node *n)
{
	return n->kind == JSON_INT && n->integer >= -INTEGER_MAX && n->integer <= INTEGER_MAX;
}

int
field_int(const struct json_node *n, const char *name, int64_t *out, struct fault *f)
{
	double x;

	if (is_exact_int(n)) {
		*out = n->integer;
		return 1;
	}
	if (!is_there(n))
		return 0;
	return to_real(n, &x) ? to_int(x, name, out, f) : not_a_number(n, name, "an integer", f);
}

int
field_time(const struct json_node *n, const char *name, int64_t *out, struct fault *f)
{
	double x;

	if (is_exact_int(n)) {
		*out = n->integer;
		return 1;
	}
	if (!is_there(n))
		return 0;
	if (to_real(n, &x))
		return to_int(floor(x), name, out, f);
	if (n->kind == JSON_TEXT && rfc3339_read(n->text.ptr, n->text.len, out))
		return 1;
	return not_a_number(n, name,
	    "seconds since 1970 (UTC) or a time with its zone such as "
	    "2024-03-02T10:00:00Z",
	    f);
}

int
field_rating(const struct json_node *n, const char *name, double low, double high, double *out,
    struct fault *f)
{
	if (!is_there(n)
	    || (n->kind == JSON_TEXT && n->text.len == 3 && memcmp(n->text.ptr, "N/A", 3) == 0))
		return 0;
	if (!to_real(n, out))
		return wrong_type(n, name, "a number", f);
	if (!(*out >= low && *out <= high))
		return field_fault(name, f, "out-of-bounds",
		    "expected a number from %g to %g, found %g", low, high, *out);
	return 1;
}
