/* text.h - a string view: pointer and length.
 *
 * It need not end in NUL and may contain NULs.  It lives as long as the memory it points into. */

#ifndef ALIGNX_LIB_CORE_TEXT_H
#define ALIGNX_LIB_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct text {
	const char *ptr;
	size_t len;
};

static inline bool
text_is(const struct text *t, const char *s)
{
	return t->len == strlen(s) && memcmp(t->ptr, s, t->len) == 0;
}

static inline bool
text_equals(const struct text *a, const struct text *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->ptr, b->ptr, a->len) == 0);
}

/* By bytes; a prefix comes before longer texts. */
static inline int
text_compare(const struct text *a, const struct text *b)
{
	size_t n = a->len < b->len ? a->len : b->len;
	int order = n == 0 ? 0 : memcmp(a->ptr, b->ptr, n);

	return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

#endif
