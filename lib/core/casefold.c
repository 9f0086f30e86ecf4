#include "config.h"

#include <stdbool.h>

#include "lib/core/casefold.h"
#include "lib/core/target_clones.h"

/* Lower case, white space as spaces; returns whether there are two spaces in a row. */
TARGET_CLONES static unsigned char
lower(const unsigned char *s, size_t len, unsigned char *to)
{
	unsigned char has_run = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char is_capital = (unsigned char)(s[i] - 'A') < 26;
		unsigned char is_white = (unsigned char)(s[i] - '\t') < 5;

		to[i] = is_white ? ' ' : (unsigned char)(s[i] + (is_capital << 5));
	}
	for (size_t i = 1; i < len; i++)
		has_run |= (to[i] == ' ') & (to[i - 1] == ' ');
	return has_run;
}

static size_t
squeeze(unsigned char *s, size_t len)
{
	size_t n = 0;
	bool in_space = true;

	for (size_t i = 0; i < len; i++) {
		if (s[i] != ' ' || !in_space)
			s[n++] = s[i];
		in_space = s[i] == ' ';
	}
	return n > 0 && in_space ? n - 1 : n;
}

size_t
casefold_text(const char *s, size_t len, char *to)
{
	unsigned char *t = (unsigned char *)to;

	if (lower((const unsigned char *)s, len, t) != 0
	    || (len > 0 && (t[0] == ' ' || t[len - 1] == ' ')))
		return squeeze(t, len);
	return len;
}
