/* ascii.h - classes of ASCII characters, whatever the locale; other bytes are in none. */

#ifndef ALIGNX_LIB_TEXT_ASCII_H
#define ALIGNX_LIB_TEXT_ASCII_H

#include <stdbool.h>
#include <stddef.h>
#include <strings.h>
#include <string.h>

static inline bool
ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
ascii_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool
ascii_is_alpha(char c)
{
	return ascii_is_upper(c) || (c >= 'a' && c <= 'z');
}

static inline bool
ascii_is_alnum(char c)
{
	return ascii_is_digit(c) || ascii_is_alpha(c);
}

/* What identifiers are made of. */
static inline bool
ascii_is_word(char c)
{
	return ascii_is_alnum(c) || c == '_';
}

/* What account names are made of. */
static inline bool
ascii_is_name(char c)
{
	return ascii_is_word(c) || c == '-';
}

static inline bool
ascii_is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

/* Is c one of the characters of `set`?  NUL is in none. */
static inline bool
ascii_is_in(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Is s one of the words, in any case?  NULL ends them; an empty text is none. */
static inline bool
ascii_is_one_of(const char *s, size_t len, const char *const *words)
{
	for (; *words != NULL && len > 0; words++)
		if (((**words ^ *s) & ~0x20) == 0 && strlen(*words) == len
		    && strncasecmp(s, *words, len) == 0)
			return true;
	return false;
}

#endif
