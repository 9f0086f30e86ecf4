/* strip_url.h - leaves of links what reads as text.
 *
 *	[label](https://host/path), ![label](/path)	label
 *	https://host/path				path
 *	https://host, https://host/?query		[link]
 *
 * The AlignX release has "r/chemistry/comments/4cgt8v/...": a link without scheme and host.
 * So "scheme://host", with user, port and the slash after it, is removed; where nothing would
 * be left, "[link]" takes its place.  A link of markdown becomes its label, and one without a
 * label what its URL becomes.  Full stops, commas and brackets after a URL belong to the
 * sentence and stay; the brackets of <https://host/path> go. */

#ifndef ALIGNX_LIB_TEXT_STRIP_URL_H
#define ALIGNX_LIB_TEXT_STRIP_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/buf.h"

/* True: the stripped text is in `into` (cleared first; must not hold s).  False: s has no URL
 * and no link, and `into` holds anything. */
bool strip_urls(const char *s, size_t len, struct buf *into);

#endif
