#include "config.h"

#include "lib/text/ascii.h"
#include "stages/ingest/names_left.h"

enum { NAME_MIN = 4 };

static bool
looks_like_name(const char *s, size_t len)
{
	bool has_letter = false, has_digit = false, has_other = false;

	for (size_t i = 0; i < len; i++) {
		const bool is_capital = s[i] >= 'A' && s[i] <= 'Z';

		has_letter = has_letter || ascii_is_alpha(s[i]);
		has_digit = has_digit || ascii_is_digit(s[i]);
		has_other = has_other || s[i] == '_'
		    || (is_capital && i > 0 && s[i - 1] >= 'a' && s[i - 1] <= 'z');
	}
	return len >= NAME_MIN && has_letter && (has_digit || has_other);
}

unsigned
names_left(const struct authors *authors, const struct text *text)
{
	unsigned n = 0;

	for (size_t i = 0, from; i < text->len; i++) {
		for (from = i; i < text->len && ascii_is_name(text->ptr[i]);)
			i++;
		n += looks_like_name(text->ptr + from, i - from)
		    && authors_has_seen(authors, text->ptr + from, i - from);
	}
	return n;
}
