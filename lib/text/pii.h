/* pii.h - replaces what names or reaches a person in a text.
 *
 *	u/name, /u/name, /user/name		u/[user]	pii_user.h
 *	@name, @name@host.tld			@[user]		pii_handle.h
 *	twitter.com/name/status/1		twitter.com/[user]/status/1	pii_profile.h
 *	name#1234, discord: name		[user]		pii_messenger.h
 *	name@host.tld, name (at) host (dot) tld	[email]		pii_email.h
 *	+44 20 7946 0958, 4155552671		[phone]		pii_phone.h
 *
 * In the label of a link, the name that the link leads to is replaced, too:
 *	[Bob Smith](https://twitter.com/bob_smith)	[[user]](https://twitter.com/[user])
 *
 * A phone number is one of:
 *	+ and 8 to 15 digits, in groups or not;
 *	the North American form: separate groups of 3, 3 and 4 digits, both threes beginning
 *	with 2 to 9, optionally after a 1 and with brackets around the first three:
 *	555-123-4567, (555) 123-4567, 1 555.123.4567;
 *	a group of 3 to 5 digits that begins with 0, and one to three more groups, 9 to 12
 *	digits in all: 020 7946 0958;
 *	7 to 15 digits, in groups or not, shortly after a word such as call, phone, tel, cell,
 *	mobile, whatsapp;
 *	ten digits that can be dialled in North America, without groups, unless a '#' or a word
 *	such as id or order comes before: 4155552671.
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
