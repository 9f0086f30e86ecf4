/* normalize_text.h - brings text into one form.
 *
 * Unicode NFC; CR LF, CR, NEL and the Unicode line ends become LF; all other control
 * characters and U+FEFF are dropped, but tabs stay; a run of blanks (space, tab, no-break
 * space and other Unicode blanks) becomes its first, a space unless it is a tab; blanks at the
 * end of a line are dropped; several empty lines become one; blanks and empty lines at both
 * ends of the text are dropped.  Of more than NORMALIZE_MARKS_MAX combining marks on one
 * letter (after canonical decomposition) the rest are dropped, which bounds the time for
 * hostile text.
 *
 * Most texts are normal already: that is checked eight bytes at a time, without a copy. */

#ifndef ALIGNX_LIB_TEXT_NORMALIZE_TEXT_H
#define ALIGNX_LIB_TEXT_NORMALIZE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/buf.h"

enum { NORMALIZE_MARKS_MAX = 30 }; /* as in the Stream-Safe Text Format, UAX #15 */

/* s is valid UTF-8.  True: the normal text is in `into` (cleared first; must not hold s).
 * False: s is normal, and `into` is unchanged. */
bool normalize_text(const char *s, size_t len, struct buf *into);

#endif
