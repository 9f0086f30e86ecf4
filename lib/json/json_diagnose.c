#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/utf8.h"
#include "lib/json/json.h"
#include "lib/json/json_diagnose.h"
#include "lib/json/json_escape.h"

struct json_scan {
	const char *text;
	size_t at, len;
	struct fault *fault;
	size_t depth;
	char open[JSON_DEPTH]; /* '[' or '{' for each enclosing list and map */
};

/* The current byte, -1 at the end. */
static int
here(const struct json_scan *s)
{
	return s->at < s->len ? (unsigned char)s->text[s->at] : -1;
}

static int
expect_fault(struct json_scan *s, const char *expected)
{
	int c = here(s);

	if (c < 0)
		return fault_at(s->fault, (int64_t)s->at, "bad-json", "expected %s, found the end",
		    expected);
	if (c <= ' ' || c >= 0x7f)
		return fault_at(s->fault, (int64_t)s->at, "bad-json",
		    "expected %s, found byte 0x%02x", expected, (unsigned)c);
	return fault_at(s->fault, (int64_t)s->at, "bad-json", "expected %s, found '%c'", expected,
	    c);
}

static void
skip_space(struct json_scan *s)
{
	while (here(s) == ' ' || here(s) == '\n' || here(s) == '\r' || here(s) == '\t')
		s->at++;
}

static int
bad_escape(struct json_scan *s)
{
	const char *p = s->text + s->at, *stop = s->text + s->len;
	int64_t at = (int64_t)s->at;
	unsigned char letter;
	int32_t code;

	if (stop - p < 2)
		return fault_at(s->fault, at, "bad-json", "text ends in an escape");
	letter = (unsigned char)p[1];
	if (letter != 'u')
		return fault_at(s->fault, at, "bad-json",
		    letter > ' ' && letter < 0x7f ? "unknown escape \\%c in a text"
						  : "unknown escape of byte 0x%02x in a text",
		    letter);
	if ((code = json_escape_hex(p + 2, stop)) < 0)
		return fault_at(s->fault, at, "bad-json",
		    "\\u without four hexadecimal digits in a text");
	return fault_at(s->fault, at, "bad-json", "lone surrogate \\u%04x in a text",
	    (unsigned)code);
}

static int
scan_text(struct json_scan *s)
{
	const char *stop = s->text + s->len;
	char decoded[4], *out;
	size_t begin = s->at++, used;

	for (; here(s) != '"'; s->at += used) {
		int c = here(s);

		used = 1;
		if (c < 0)
			return fault_at(s->fault, (int64_t)begin, "bad-json", "text is not closed");
		if (c < ' ')
			return fault_at(s->fault, (int64_t)s->at, "bad-json",
			    "control character 0x%02x in a text", (unsigned)c);
		out = decoded;
		if (c == '\\'
		    && (s->at + 1 == s->len
			|| (used = json_escape_decode(s->text + s->at, stop, &out)) == 0))
			return bad_escape(s);
	}
	s->at++;
	return 0;
}

static int
scan_digits(struct json_scan *s)
{
	size_t begin = s->at;

	while (here(s) >= '0' && here(s) <= '9')
		s->at++;
	return s->at > begin ? 0 : expect_fault(s, "a digit");
}

/* Does it fit int64_t if it is negative, else uint64_t? */
static bool
fits_integer(const char *p, size_t len)
{
	const char *most = *p == '-' ? "9223372036854775808" : "18446744073709551615";
	size_t most_len = strlen(most), sign = *p == '-';

	return len - sign < most_len
	    || (len - sign == most_len && memcmp(p + sign, most, most_len) <= 0);
}

static bool
fits_real(const char *p, size_t len)
{
	char *copy = strndup(p, len);
	bool fits;

	if (copy == NULL)
		arena_out_of_memory();
	fits = isfinite(strtod(copy, NULL));
	free(copy);
	return fits;
}

static int
scan_number(struct json_scan *s)
{
	size_t begin = s->at;
	bool is_integer = true;

	s->at += here(s) == '-';
	if (here(s) == '0') {
		s->at++;
		if (here(s) >= '0' && here(s) <= '9')
			return fault_at(s->fault, (int64_t)s->at - 1, "bad-json",
			    "number with a leading zero");
	} else if (scan_digits(s) < 0) {
		return -1;
	}
	if (here(s) == '.') {
		is_integer = false;
		s->at++;
		if (scan_digits(s) < 0)
			return -1;
	}
	if ((here(s) | 0x20) == 'e') {
		is_integer = false;
		s->at++;
		s->at += here(s) == '+' || here(s) == '-';
		if (scan_digits(s) < 0)
			return -1;
	}
	if (is_integer ? fits_integer(s->text + begin, s->at - begin)
		       : fits_real(s->text + begin, s->at - begin))
		return 0;
	return fault_at(s->fault, (int64_t)begin, "bad-json", "number out of range");
}

static int
scan_word(struct json_scan *s, const char *word)
{
	for (const char *w = word; *w != '\0'; w++, s->at++) {
		if (here(s) != *w)
			return expect_fault(s, word);
	}
	return 0;
}

static int
scan_scalar(struct json_scan *s)
{
	int c = here(s);

	switch (c) {
	case '"':
		return scan_text(s);
	case 'n':
		return scan_word(s, "null");
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	default:
		if (c == '-' || (c >= '0' && c <= '9'))
			return scan_number(s);
		return expect_fault(s, "a value");
	}
}

static int
scan_name(struct json_scan *s)
{
	skip_space(s);
	if (here(s) != '"')
		return expect_fault(s, "a name in quotes");
	if (scan_text(s) < 0)
		return -1;
	skip_space(s);
	if (here(s) != ':')
		return expect_fault(s, "':' after a name");
	s->at++;
	return 0;
}

/* From the end of a value to the beginning of the next; 1 at the end of the document. */
static int
scan_after_value(struct json_scan *s)
{
	for (; s->depth > 0; s->at++, s->depth--) {
		char opener = s->open[s->depth - 1];

		skip_space(s);
		if (here(s) == ',') {
			s->at++;
			return opener == '{' ? scan_name(s) : 0;
		}
		if (here(s) != opener + 2)
			return expect_fault(s,
			    opener == '{' ? "',' or '}' in a map" : "',' or ']' in a list");
	}
	skip_space(s);
	if (s->at < s->len)
		return fault_at(s->fault, (int64_t)s->at, "bad-json",
		    "bytes after the document's end");
	return 1;
}

static int
scan_value(struct json_scan *s)
{
	size_t begin;
	int opener;

	skip_space(s);
	begin = s->at;
	opener = here(s);
	if (opener != '[' && opener != '{')
		return scan_scalar(s) < 0 ? -1 : scan_after_value(s);
	s->at++;
	skip_space(s);
	if (here(s) == opener + 2) {
		s->at++;
		return scan_after_value(s);
	}
	if (s->depth == JSON_DEPTH)
		return fault_at(s->fault, (int64_t)begin, "too-deep", "nesting deeper than %d",
		    JSON_DEPTH);
	s->open[s->depth++] = (char)opener;
	return opener == '{' ? scan_name(s) : 0;
}

int
json_diagnose(const char *text, size_t len, struct fault *f)
{
	struct fault grammar = FAULT_NONE;
	struct json_scan s = { .text = text, .len = len, .fault = &grammar };
	size_t bad = utf8_first_invalid(text, len);
	int r = 0;

	skip_space(&s);
	if (s.at == len)
		return fault_at(f, 0, "bad-json", "document is empty");
	while (r == 0)
		r = scan_value(&s);
	if (bad < len && (r > 0 || grammar.at >= (int64_t)bad))
		return fault_at(f, (int64_t)bad, "bad-utf8", "invalid UTF-8 byte 0x%02x",
		    (unsigned char)text[bad]);
	if (r > 0)
		return 0;
	return fault_at(f, grammar.at, grammar.code, "%s", grammar.text);
}
