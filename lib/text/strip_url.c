#include "config.h"

#include <string.h>
#include <strings.h>

#include "lib/text/strip_url.h"

enum { SCHEME_MAX = 16 };

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* RFC 3986, but without '.', which is usually the end of a sentence. */
static bool
is_in_scheme(char c)
{
	return is_alpha(c) || is_digit(c) || c == '+' || c == '-';
}

static bool
is_in_host(char c)
{
	return is_alpha(c) || is_digit(c) || (c != '\0' && strchr(".-_~:@%", c) != NULL);
}

/* Where a known scheme begins at the end of a word, as in "seehttp://". */
static size_t
known_scheme(const char *s, size_t from, size_t colon)
{
	static const char *const known[] = { "https", "http", "ftp" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t n = strlen(known[i]);

		if (colon - from >= n && strncasecmp(s + colon - n, known[i], n) == 0)
			return colon - n;
	}
	return from;
}

/* The first byte of the scheme that ends at the colon; the colon if there is none. */
static size_t
scheme_begin(const char *s, size_t low, size_t colon)
{
	size_t at = colon;

	while (at > low && colon - at < SCHEME_MAX && is_in_scheme(s[at - 1]))
		at--;
	at = known_scheme(s, at, colon);
	while (at < colon && !is_alpha(s[at]))
		at++;
	return colon - at >= 2 ? at : colon;
}

/* The end of the host that begins at `at`, and of the slash after it. */
static size_t
host_end(const char *s, size_t len, size_t at)
{
	size_t end = at;

	while (end < len && is_in_host(s[end]))
		end++;
	if (end < len && s[end] == '/')
		return end + 1;
	while (end > at && (s[end - 1] == '.' || s[end - 1] == ':'))
		end--;
	return end;
}

bool
strip_url_hosts(const char *s, size_t len, struct buf *into)
{
	size_t done = 0, at = 0;
	const char *colon;

	while (at < len && (colon = memchr(s + at, ':', len - at)) != NULL) {
		size_t i = (size_t)(colon - s), from;

		at = i + 1;
		if (len - i < 3 || s[i + 1] != '/' || s[i + 2] != '/'
		    || (from = scheme_begin(s, done, i)) == i)
			continue;
		if (done == 0)
			buf_clear(into);
		buf_add(into, s + done, from - done);
		at = done = host_end(s, len, i + 3);
	}
	if (done == 0)
		return false;
	buf_add(into, s + done, len - done);
	return true;
}
