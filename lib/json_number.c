#include "config.h"

#include "lib/json_doc.h"

static const char *
skip_digits(const char *p, const char *stop)
{
	while (p < stop && *p >= '0' && *p <= '9')
		p++;
	return p;
}

static bool
read_real(const char *p, const char *stop, struct json_node *out)
{
	out->kind = JSON_REAL;
	return json_index_real(p, stop, &out->real);
}

/* What stands behind the digits before the point: a fraction, an exponent. */
static bool
is_tail(const char *p, const char *stop)
{
	const char *digits;

	if (p < stop && *p == '.') {
		digits = p + 1;
		if ((p = skip_digits(digits, stop)) == digits)
			return false;
	}
	if (p < stop && (*p | 0x20) == 'e') {
		p++;
		digits = p < stop && (*p == '+' || *p == '-') ? p + 1 : p;
		if ((p = skip_digits(digits, stop)) == digits)
			return false;
	}
	return p == stop;
}

static bool
set_integer(uint64_t x, bool is_negative, struct json_node *out)
{
	if (is_negative) {
		if (x > (uint64_t)INT64_MAX + 1)
			return false;
		out->kind = JSON_INT;
		out->integer = (int64_t)-x;
	} else if (x > INT64_MAX) {
		out->kind = JSON_UINT;
		out->natural = x;
	} else {
		out->kind = JSON_INT;
		out->integer = (int64_t)x;
	}
	return true;
}

/* Did n digits from p, summed up as x, exceed 64 bits? */
static bool
is_large(const char *p, size_t n, uint64_t x)
{
	if (n < 20)
		return false;
	/* what starts with 1 and has run over lost 2^64, and that shows */
	return n > 20 || *p != '1' || x < UINT64_C(10000000000000000000);
}

bool
json_number(const char *p, const char *stop, struct json_node *out)
{
	const char *begin = p, *digits = p + (p < stop && *p == '-');
	uint64_t x = 0;

	for (p = digits; p < stop && *p >= '0' && *p <= '9'; p++)
		x = x * 10 + (uint64_t)(*p - '0');
	if (p == digits || (*digits == '0' && p - digits > 1))
		return false;
	if (p < stop)
		return is_tail(p, stop) && read_real(begin, stop, out);
	return !is_large(digits, (size_t)(p - digits), x)
	    && set_integer(x, digits > begin, out);
}
