/* scrub.h - names, e-mail addresses and phone numbers taken out of a text.
 *
 *	u/name, /u/name, /user/name	u/[user]
 *	name@host.tld			[email]
 *	+44 20 7946 0958		[phone]
 *
 * A phone number is one of:
 *	+ and 8 to 15 digits, in groups or not;
 *	the North American form: 3, 3 and 4 digits, apart, the first of the
 *	threes from 2 to 9, perhaps with a 1 in front, perhaps with brackets
 *	round the first three: 555-123-4567, (555) 123-4567, 1 555.123.4567;
 *	a group of 3 to 5 digits that begins with 0, and one to three more
 *	groups, 9 to 12 digits in all: 020 7946 0958;
 *	7 to 15 digits, in groups or not, shortly behind a word such as call,
 *	phone, tel, text, cell, mobile, whatsapp.
 * All other digits stay: years, dates, prices, counts, addresses of machines. */

#ifndef ALIGNX_LIB_SCRUB_H
#define ALIGNX_LIB_SCRUB_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/buf.h"

/* True: the scrubbed text is in `into` (cleared first, must not hold s).
 * False: there was nothing to take out, `into` is as it was. */
bool scrub_text(const char *s, size_t len, struct buf *into);

#endif
