/* pii_match.h - what the parts of pii.c share: a text, and what was found in it. */

#ifndef ALIGNX_LIB_TEXT_PII_MATCH_H
#define ALIGNX_LIB_TEXT_PII_MATCH_H

#include <stddef.h>

#include "lib/text/ascii.h"

struct pii_text {
	const char *s;
	size_t len;
	size_t low; /* what is before it has been dealt with: no match begins there */
};

struct pii_match {
	size_t from, end; /* what is replaced */
	size_t name;      /* the name or address proper begins here, and ends at `end` */
	const char *replacement;
};

/* The byte at i, NUL outside of the text. */
static inline char
pii_at(const struct pii_text *t, size_t i)
{
	return i < t->len ? t->s[i] : '\0';
}

/* The byte before i, NUL if that has been dealt with. */
static inline char
pii_before(const struct pii_text *t, size_t i)
{
	return i > t->low ? t->s[i - 1] : '\0';
}

/* The end of the account name at i; markdown may have escaped its signs: some\_one. */
static inline size_t
pii_name_end(const struct pii_text *t, size_t i)
{
	while (ascii_is_name(pii_at(t, i))
	    || (pii_at(t, i) == '\\' && ascii_is_in(pii_at(t, i + 1), "_-")))
		i++;
	return i;
}

/* The end of a name that may have full stops within: bob.smith. */
static inline size_t
pii_dotted_name_end(const struct pii_text *t, size_t i)
{
	i = pii_name_end(t, i);
	while (pii_at(t, i) == '.' && ascii_is_name(pii_at(t, i + 1)))
		i = pii_name_end(t, i + 1);
	return i;
}

#endif
