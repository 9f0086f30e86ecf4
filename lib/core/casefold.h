/* fold.h - texts made ready to be compared.
 *
 * ASCII letters become small, each run of ASCII white space one blank, and
 * there is none at the ends.  For dedup and its sketches; other letters keep
 * their case, so that a folded text is as long as the text at most. */

#ifndef ALIGNX_LIB_FOLD_H
#define ALIGNX_LIB_FOLD_H

#include <stddef.h>

/* Writes the folded text to `to`, which has room for len bytes; returns its
 * length. */
size_t fold_text(const char *s, size_t len, char *to);

#endif
