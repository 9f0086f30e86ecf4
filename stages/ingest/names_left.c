#include "config.h"

#include "lib/core/target_clones.h"
#include "lib/text/ascii.h"
#include "stages/ingest/names_left.h"

enum { NAME_MIN = 4 };

/* What a word of a name's characters consists of. */
enum { LETTER = 1, SMALL = 2, CAPITAL = 4, DIGIT = 8, UNDERSCORE = 16, DASH = 32, CAMEL = 64 };

static unsigned char
kind_of(char c)
{
	if (c >= 'a' && c <= 'z')
		return LETTER | SMALL;
	if (c >= 'A' && c <= 'Z')
		return LETTER | CAPITAL;
	if (ascii_is_digit(c))
		return DIGIT;
	return c == '_' ? UNDERSCORE : c == '-' ? DASH : 0;
}

static const unsigned char *
kinds(void)
{
	static unsigned char kind[256];

	if (kind['a'] == 0)
		for (int c = 0; c < 256; c++)
			kind[c] = kind_of((char)c);
	return kind;
}

static bool
looks_like_name(unsigned seen, size_t len)
{
	return len >= NAME_MIN && (seen & LETTER) != 0
	    && (seen & (DIGIT | UNDERSCORE | CAMEL)) != 0;
}

/* Can any word of the text look like a name?  Rules out most texts quickly. */
TARGET_CLONES static bool
may_have_any(const char *s, size_t len)
{
	unsigned char seen = 0;

	for (size_t i = 0; i + 1 < len; i++) {
		const unsigned char a = (unsigned char)s[i], b = (unsigned char)s[i + 1];
		const unsigned char is_letter = (unsigned char)((a | 0x20) - 'a') < 26;
		const unsigned char is_small = (unsigned char)(a - 'a') < 26;
		const unsigned char is_capital = (unsigned char)(b - 'A') < 26;
		const unsigned char is_digit = (unsigned char)(b - '0') < 10;
		const unsigned char was_digit = (unsigned char)(a - '0') < 10;
		const unsigned char next_letter = (unsigned char)((b | 0x20) - 'a') < 26;

		seen |= (unsigned char)((a == '_') | (b == '_') | (is_small & is_capital)
		    | ((is_letter | (a == '-')) & is_digit)
		    | (was_digit & (next_letter | (b == '-'))));
	}
	return seen != 0;
}

unsigned
names_left(const struct authors *authors, const struct text *text)
{
	const unsigned char *kind = kinds();
	unsigned n = 0, seen = 0, before = 0;
	size_t from = 0;

	if (!may_have_any(text->ptr, text->len))
		return 0;
	for (size_t i = 0; i <= text->len; i++) {
		const unsigned k = i < text->len ? kind[(unsigned char)text->ptr[i]] : 0;

		if (k == 0) {
			n += looks_like_name(seen, i - from)
			    && authors_has_seen(authors, text->ptr + from, i - from);
			from = i + 1;
			seen = 0;
		} else
			seen |= k | ((before & SMALL) != 0 && (k & CAPITAL) != 0 ? CAMEL : 0);
		before = k;
	}
	return n;
}
