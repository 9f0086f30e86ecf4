/* strip_url.h - removes scheme and host from URLs.
 *
 * The AlignX release has "r/chemistry/comments/4cgt8v/...": a link without scheme and host.
 * So each "scheme://host", with user, port and the slash after it, is removed:
 * "https://www.reddit.com/r/x/" becomes "r/x/", and a link to a host alone becomes nothing.
 * Full stops, commas and brackets after a host belong to the sentence and stay. */

#ifndef ALIGNX_LIB_TEXT_STRIP_URL_H
#define ALIGNX_LIB_TEXT_STRIP_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/buf.h"

/* True: the stripped text is in `into` (cleared first; must not hold s).  False: s has no URL,
 * and `into` is unchanged. */
bool strip_url_hosts(const char *s, size_t len, struct buf *into);

#endif
