#include "config.h"

#include <string.h>

#include "lib/core/utf8.h"

static bool
is_within(unsigned char c, unsigned char low, unsigned char high)
{
	return c >= low && c <= high;
}

/* Length of the well-formed sequence at s (Unicode, table 3-7); 0 if there is none. */
static size_t
sequence_len(const unsigned char *s, size_t left)
{
	unsigned char low = 0x80, high = 0xbf, c = s[0];
	size_t n = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;

	if (n < 2 || n > left)
		return n < 2 ? n : 0;
	if (c == 0xe0)
		low = 0xa0; /* below: overlong forms */
	else if (c == 0xf0)
		low = 0x90;
	else if (c == 0xed)
		high = 0x9f; /* above: surrogates */
	else if (c == 0xf4)
		high = 0x8f; /* above: beyond U+10FFFF */
	if (!is_within(s[1], low, high))
		return 0;
	for (size_t i = 2; i < n; i++)
		if (!is_within(s[i], 0x80, 0xbf))
			return 0;
	return n;
}

size_t
utf8_first_invalid(const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = sequence_len((const unsigned char *)s + i, len - i);

		if (n == 0)
			return i;
		i += n;
	}
	return len;
}

size_t
utf8_count(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return n;
}

void
utf8_replace_invalid(char *s)
{
	size_t len = strlen(s), bad;

	for (size_t i = 0; (bad = utf8_first_invalid(s + i, len - i)) < len - i;) {
		i += bad;
		s[i++] = '?';
	}
}
