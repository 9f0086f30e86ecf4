/* strip.h - addresses of the web without scheme and host.
 *
 * What stands in the AlignX release is "r/chemistry/comments/4cgt8v/...": a
 * link whose scheme and host were cut off (spec section A2.4.2).  So is every
 * "scheme://host" here, with a port and a user in front of the host, and with
 * the slash behind it: "https://www.reddit.com/r/x/" becomes "r/x/", and a
 * link that names only a host becomes nothing.  Full stops, commas and
 * brackets behind a host belong to the sentence and stay. */

#ifndef ALIGNX_LIB_STRIP_H
#define ALIGNX_LIB_STRIP_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/buf.h"

/* True: the stripped text is in `into` (cleared first, must not hold s).
 * False: there is no address in s, `into` is as it was. */
bool strip_text(const char *s, size_t len, struct buf *into);

#endif
