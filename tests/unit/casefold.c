/* casefold.c - folded texts are the same as folded byte by byte. */

#include "config.h"

#include <ctype.h>
#include <string.h>

#include "lib/core/casefold.h"
#include "tests/tap.h"

/* Byte by byte, in the "C" locale. */
static size_t
fold_plainly(const char *s, size_t len, char *to)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (!isspace(c))
			to[n++] = (char)tolower(c);
		else if (n > 0 && to[n - 1] != ' ')
			to[n++] = ' ';
	}
	return n > 0 && to[n - 1] == ' ' ? n - 1 : n;
}

static int
is_folded_to(const char *s, const char *want)
{
	char got[64];
	size_t n = casefold_text(s, strlen(s), got);

	return n == strlen(want) && memcmp(got, want, n) == 0;
}

int
main(void)
{
	static const char letters[] = "aBcZ@[`{ \t\n\v\f\r\0\xc3\x84\xff";
	char text[200], got[200], want[200];
	unsigned x = 1;
	int wrong = 0, wide = 0;

	ok(is_folded_to("", ""), "nothing stays nothing");
	ok(is_folded_to(" \t\r\n ", ""), "white space alone is nothing");
	ok(is_folded_to("One two", "one two"), "letters become small");
	ok(is_folded_to("  a \t b\n", "a b"), "blanks join, those at the ends go");
	ok(is_folded_to("a\tb", "a b"), "a tab is a blank");
	ok(is_folded_to("\xc3\x84", "\xc3\x84"), "other letters keep their case");
	for (int round = 0; round < 20000; round++) {
		size_t len = (size_t)round % sizeof(text), n;

		for (size_t i = 0; i < len; i++) {
			x = x * 1103515245u + 12345u;
			text[i] = letters[(x >> 16) % (sizeof(letters) - 1)];
		}
		n = casefold_text(text, len, got);
		wide += n < len;
		wrong += n != fold_plainly(text, len, want) || memcmp(got, want, n) != 0;
	}
	ok(wrong == 0 && wide > 1000, "20,000 random texts are folded as byte by byte");
	return tap_done();
}
