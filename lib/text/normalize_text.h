/* clean.h - text brought into one form.
 *
 * Unicode NFC; CR LF, CR, NEL and the Unicode line ends become LF; every
 * other control character and U+FEFF are dropped, tabs stay; a run of blanks
 * (space, tab, no-break and other Unicode blanks) becomes its first, anything
 * but a tab as a space; blanks at the end of a line go; of several empty
 * lines in a row one stays; blanks and empty lines at both ends of the text
 * go.  More than CLEAN_MARKS combining marks on one letter are dropped, which
 * bounds the time that hostile text can take.
 *
 * Most texts are clean as they stand: that is found out eight bytes at a time,
 * and nothing is copied. */

#ifndef ALIGNX_LIB_CLEAN_H
#define ALIGNX_LIB_CLEAN_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/buf.h"

enum { CLEAN_MARKS = 30 };	/* as in the Stream-Safe Text Format, UAX #15 */

/* s is valid UTF-8.  True: the cleaned text is in `into` (which is cleared
 * first and must not hold s).  False: s is clean, `into` is as it was. */
bool clean_text(const char *s, size_t len, struct buf *into);

size_t clean_chars(const char *s, size_t len);	/* code points of valid UTF-8 */

#endif
