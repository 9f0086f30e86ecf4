/* pii.h - replaces user names, e-mail addresses and phone numbers in a text.
 *
 *	u/name, /u/name, /user/name	u/[user]
 *	name@host.tld			[email]
 *	+44 20 7946 0958		[phone]
 *
 * A phone number is one of:
 *	+ and 8 to 15 digits, in groups or not;
 *	the North American form: separate groups of 3, 3 and 4 digits, both threes beginning
 *	with 2 to 9, optionally after a 1 and with brackets around the first three:
 *	555-123-4567, (555) 123-4567, 1 555.123.4567;
 *	a group of 3 to 5 digits that begins with 0, and one to three more groups, 9 to 12
 *	digits in all: 020 7946 0958;
 *	7 to 15 digits, in groups or not, shortly after a word such as call, phone, tel, cell,
 *	mobile, whatsapp.
 * All other digits stay: years, dates, prices, counts, IP addresses. */

#ifndef ALIGNX_LIB_TEXT_PII_H
#define ALIGNX_LIB_TEXT_PII_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/buf.h"

/* True: the new text is in `into` (cleared first; must not hold s).  False: nothing was
 * found, and `into` is unchanged. */
bool pii_replace(const char *s, size_t len, struct buf *into);

#endif
