#include "config.h"

#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "lib/json/json_scan.h"
#include "lib/core/utf8.h"

enum { NESTED_MOST = 16, DIGITS_MOST = 15 };

#ifdef __SSE2__

static inline unsigned
bits(__m128i is)
{
	return (unsigned)_mm_movemask_epi8(is);
}

size_t
json_scan_same(const char *a, const char *b, size_t most)
{
	for (size_t i = 0; i < most; i += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(a + i));
		__m128i y = _mm_loadu_si128((const __m128i *)(b + i));
		unsigned other = bits(_mm_cmpeq_epi8(x, y)) ^ 0xffff;

		if (other != 0) {
			i += (size_t)__builtin_ctz(other);
			return i < most ? i : most;
		}
	}
	return most;
}

/* The first quote, backslash or control character; sets is_high if a byte
 * before it is not ASCII.  It may lie behind the end. */
static inline const char *
plain_end(const char *s, const char *end, bool *is_high)
{
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'),
	    control = _mm_set1_epi8(0x1f);

	for (; s < end; s += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)s);
		__m128i is = _mm_or_si128(_mm_cmpeq_epi8(x, quote),
		    _mm_cmpeq_epi8(x, slash));
		unsigned stop = bits(_mm_or_si128(is,
		    _mm_cmpeq_epi8(_mm_min_epu8(x, control), x)));
		unsigned high = bits(x);

		if (stop != 0) {
			*is_high |= (high & (stop - 1) & ~stop) != 0;
			return s + __builtin_ctz(stop);
		}
		*is_high |= high != 0;
	}
	return end;
}

#else

size_t
json_scan_same(const char *a, const char *b, size_t most)
{
	size_t i = 0;

	while (i < most && a[i] == b[i])
		i++;
	return i;
}

static inline const char *
plain_end(const char *s, const char *end, bool *is_high)
{
	for (; s < end && *s != '"' && *s != '\\' && (unsigned char)*s >= ' '; s++)
		*is_high |= (*s & 0x80) != 0;
	return s;
}

#endif

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The number of "\uXXXX" at s, -1 if that is not what stands there. */
static int32_t
unit(const char *s)
{
	int32_t x = 0;

	if (s[0] != '\\' || s[1] != 'u')
		return -1;
	for (int i = 2; i < 6; i++) {
		int digit = hex(s[i]);

		if (digit < 0)
			return -1;
		x = x << 4 | digit;
	}
	return x;
}

/* The code point of "\uXXXX", or of two that are a pair, and its bytes in the
 * text; -1. */
static int32_t
point(const char *s, size_t *len)
{
	int32_t x = unit(s), low;

	*len = 6;
	if (x < 0xd800 || x > 0xdfff)
		return x;
	*len = 12;
	low = x <= 0xdbff ? unit(s + 6) : -1;
	return low >= 0xdc00 && low <= 0xdfff
	    ? 0x10000 + ((x - 0xd800) << 10) + (low - 0xdc00) : -1;
}

/* What a short escape stands for, 0 if it is none. */
static char
short_escape(char c)
{
	switch (c) {
	case '"': case '\\': case '/': return c;
	case 'b': return '\b';
	case 'f': return '\f';
	case 'n': return '\n';
	case 'r': return '\r';
	case 't': return '\t';
	default: return 0;
	}
}

/* The text whose opening quote is before s. */
static const char *
scan_text(const char *s, const char *end, struct json_node *node,
    bool *has_escapes)
{
	const char *from = s;
	bool is_high = false, escapes = false;
	size_t len;

	while ((s = plain_end(s, end, &is_high)) < end && *s == '\\') {
		escapes = true;
		if (short_escape(s[1]) != 0)
			s += 2;
		else if (point(s, &len) >= 0)
			s += len;
		else
			return NULL;
	}
	if (s >= end || *s != '"'
	    || (is_high && !utf8_valid(from, (size_t)(s - from))))
		return NULL;
	node->kind = JSON_TEXT;
	node->text.ptr = from;
	node->text.len = (size_t)(s - from);
	*has_escapes = escapes;
	return s + 1;
}

static const char *
digits(const char *s, const char *end)
{
	while (s < end && (unsigned char)(*s - '0') <= 9)
		s++;
	return s;
}

/* A number of up to fifteen digits, which neither an integer nor a real
 * loses.  Powers of ten are left to json_parse(). */
static const char *
scan_number(const char *s, const char *end, struct json_node *node)
{
	bool is_negative = *s == '-';
	const char *from = s + is_negative, *stop = digits(from, end);
	int64_t x = 0, tens = 1;

	if (stop == from || stop - from > DIGITS_MOST
	    || (*from == '0' && (stop - from > 1 || is_negative)))
		return NULL;
	for (s = from; s < stop; s++)
		x = x * 10 + (*s - '0');
	node->kind = JSON_INT;
	node->integer = is_negative ? -x : x;
	if (stop >= end || *stop != '.')
		return stop >= end || (*stop != 'e' && *stop != 'E') ? stop : NULL;
	s = stop + 1;
	stop = digits(s, end);
	if (stop == s || stop - from > DIGITS_MOST + 1
	    || (stop < end && (*stop == 'e' || *stop == 'E')))
		return NULL;
	for (; s < stop; s++, tens *= 10)
		x = x * 10 + (*s - '0');
	/* both are exact, so their quotient is the nearest real */
	node->kind = JSON_REAL;
	node->real = (double)(is_negative ? -x : x) / (double)tens;
	return stop;
}

static const char *
scan_word(const char *s, const char *end, const char *word,
    enum json_kind kind, struct json_node *node)
{
	size_t len = strlen(word);

	if ((size_t)(end - s) < len || memcmp(s, word, len) != 0)
		return NULL;
	node->kind = kind;
	node->truth = *s == 't';
	return s + len;
}

static const char *
scan_scalar(const char *s, const char *end, struct json_node *node,
    bool *has_escapes)
{
	switch (*s) {
	case '"': return scan_text(s + 1, end, node, has_escapes);
	case 'n': return scan_word(s, end, "null", JSON_NULL, node);
	case 't': return scan_word(s, end, "true", JSON_BOOL, node);
	case 'f': return scan_word(s, end, "false", JSON_BOOL, node);
	default: return scan_number(s, end, node);
	}
}

/* A member's name and the colon behind it. */
static const char *
scan_name(const char *s, const char *end)
{
	struct json_node name;
	bool has_escapes;

	if (s >= end || *s != '"'
	    || (s = scan_text(s + 1, end, &name, &has_escapes)) == NULL)
		return NULL;
	s = json_scan_blanks(s, end);
	return s < end && *s == ':' ? json_scan_blanks(s + 1, end) : NULL;
}

/* A list or map, in a loop: nothing of what it holds is kept. */
static const char *
scan_nested(const char *s, const char *end)
{
	char closes[NESTED_MOST];
	size_t depth = 0;
	struct json_node node;
	bool has_escapes;

	for (;;) {
		bool opens = *s == '[' || *s == '{';

		if (opens && depth == NESTED_MOST)
			return NULL;
		if (opens)
			closes[depth++] = (char)(*s + 2);
		else if ((s = scan_scalar(s, end, &node, &has_escapes)) == NULL)
			return NULL;
		s = json_scan_blanks(s + opens, end);
		while (s < end && *s == closes[depth - 1]) {
			if (--depth == 0)
				return s + 1;
			s = json_scan_blanks(s + 1, end);
			opens = false;
		}
		if (!opens && (s >= end || *s++ != ','))
			return NULL;
		s = json_scan_blanks(s, end);
		if (closes[depth - 1] == '}' && (s = scan_name(s, end)) == NULL)
			return NULL;
		if (s >= end)
			return NULL;
	}
}

const char *
json_scan_value(const char *s, const char *end, struct json_node *node,
    bool *has_escapes)
{
	*has_escapes = false;
	if (s >= end)
		return NULL;
	if (*s != '[' && *s != '{')
		return scan_scalar(s, end, node, has_escapes);
	node->kind = *s == '[' ? JSON_LIST : JSON_MAP;
	return scan_nested(s, end);
}

static char *
put_point(int32_t x, char *to)
{
	if (x < 0x80) {
		*to++ = (char)x;
	} else if (x < 0x800) {
		*to++ = (char)(0xc0 | x >> 6);
		*to++ = (char)(0x80 | (x & 0x3f));
	} else {
		if (x < 0x10000) {
			*to++ = (char)(0xe0 | x >> 12);
		} else {
			*to++ = (char)(0xf0 | x >> 18);
			*to++ = (char)(0x80 | (x >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (x >> 6 & 0x3f));
		*to++ = (char)(0x80 | (x & 0x3f));
	}
	return to;
}

size_t
json_scan_unescape(const char *s, size_t len, char *to)
{
	const char *end = s + len, *stop;
	char *out = to;
	size_t n;

	while ((stop = memchr(s, '\\', (size_t)(end - s))) != NULL) {
		memcpy(out, s, (size_t)(stop - s));
		out += stop - s;
		s = stop;
		if (s[1] != 'u') {
			*out++ = short_escape(s[1]);
			s += 2;
		} else {
			out = put_point(point(s, &n), out);
			s += n;
		}
	}
	memcpy(out, s, (size_t)(end - s));
	return (size_t)(out + (end - s) - to);
}
