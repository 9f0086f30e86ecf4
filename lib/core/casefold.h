/* casefold.h - text in lower case with single spaces, for comparison.
 *
 * ASCII letters become lower case, each run of ASCII white space becomes one space, and
 * leading and trailing space is dropped.  Other letters keep their case, so the result is
 * never longer than the text.  For dedup and its MinHash sketches. */

#ifndef ALIGNX_LIB_CORE_CASEFOLD_H
#define ALIGNX_LIB_CORE_CASEFOLD_H

#include <stddef.h>

/* Writes the folded text to `to`, of capacity len; returns its length. */
size_t casefold_text(const char *s, size_t len, char *to);

#endif
