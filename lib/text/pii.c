#include "config.h"

#include <string.h>
#include <strings.h>

#include "lib/text/pii.h"
#include "lib/text/pii_phone.h"

enum { BLOCK = 32, PHONE_DIGITS = 7 };

struct pii_match {
	size_t from, end;
	const char *replacement;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_name(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
	    || c == '-';
}

/* Counts the digits of a block, and returns whether it may contain a name or an address;
 * reads one more byte. */
static bool
scan_block(const unsigned char *s, size_t *digits)
{
	unsigned char seen = 0, n = 0;

	for (int i = 0; i < BLOCK; i++) {
		unsigned char c = s[i];

		seen |= (c == '@') | (((c | 0x20) == 'u' || (c | 0x20) == 'r') & (s[i + 1] == '/'));
		n += (c >= '0') & (c <= '9');
	}
	*digits += n;
	return seen != 0;
}

/* A fast test that rules out most texts. */
static bool
may_have_any(const char *s, size_t len)
{
	unsigned char tail[BLOCK + 1];
	size_t digits = 0, i = 0;

	for (; i + BLOCK + 1 <= len; i += BLOCK)
		if (scan_block((const unsigned char *)s + i, &digits))
			return true;
	memset(tail, 0, sizeof(tail));
	if (i < len)
		memcpy(tail, s + i, len - i);
	return scan_block(tail, &digits) || digits >= PHONE_DIGITS;
}

static bool
is_local(char c)
{
	return is_name(c) || c == '.' || c == '+' || c == '%';
}

/* An address around the '@' at i. */
static bool
find_email(const char *s, size_t len, size_t low, size_t i, struct pii_match *f)
{
	size_t from = i, end = i + 1, dot = 0;

	while (from > low && is_local(s[from - 1]))
		from--;
	while (from < i && (s[from] == '.' || s[from] == '-'))
		from++;
	while (end < len && (is_name(s[end]) || s[end] == '.')) {
		if (s[end] == '.' && end + 1 < len && is_name(s[end + 1]))
			dot = end;
		else if (s[end] == '.')
			break;
		end++;
	}
	if (from == i || dot <= i + 1 || end - dot < 3 || is_digit(s[dot + 1]))
		return false;
	*f = (struct pii_match){ from, end, "[email]" };
	return true;
}

/* A name after the slash at i: "u/name", "/u/name", "/user/name". */
static bool
find_name(const char *s, size_t len, size_t low, size_t i, struct pii_match *f)
{
	size_t from = i, end = i + 1;

	while (end < len && is_name(s[end]))
		end++;
	if (end - i - 1 < 3)
		return false;
	if (i >= low + 1 && (s[i - 1] | 0x20) == 'u')
		from = i - 1;
	else if (i >= low + 5 && strncasecmp(s + i - 5, "/user", 5) == 0)
		from = i - 4;
	else
		return false;
	if (from > low && is_name(s[from - 1]))
		return false;
	/* a slash before it belongs to the name unless it is part of a path */
	if (from > low && s[from - 1] == '/' && (from - 1 == low || !is_name(s[from - 2])))
		from--;
	*f = (struct pii_match){ from, end, "u/[user]" };
	return true;
}

static bool
find_phone(const char *s, size_t len, size_t i, struct pii_match *f)
{
	*f = (struct pii_match){ i, pii_phone_end(s, len, i), "[phone]" };
	return f->end > i;
}

static bool
find_at(const char *s, size_t len, size_t low, size_t i, struct pii_match *f)
{
	char c = s[i];

	if (c == '@')
		return find_email(s, len, low, i, f);
	if (c == '/')
		return find_name(s, len, low, i, f);
	if (c == '+' || c == '(' || (is_digit(c) && (i == 0 || !is_digit(s[i - 1]))))
		return find_phone(s, len, i, f);
	return false;
}

bool
pii_replace(const char *s, size_t len, struct buf *into)
{
	struct pii_match f;
	size_t done = 0;

	if (!may_have_any(s, len))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!find_at(s, len, done, i, &f))
			continue;
		if (done == 0)
			buf_clear(into);
		buf_add(into, s + done, f.from - done);
		buf_add_str(into, f.replacement);
		done = i = f.end;
		i--;
	}
	if (done == 0)
		return false;
	buf_add(into, s + done, len - done);
	return true;
}
