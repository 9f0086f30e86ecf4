/* pii_email.h - e-mail addresses, also with words for signs.
 *
 *	name@host.tld				[email]
 *	name (at) host (dot) tld, name[at]host.tld	[email]
 *	name AT host DOT tld, name at host dot tld	[email]
 *
 * "look at polka dot dresses", "buy it at amazon dot com" and "bob at example.com" stay. */

#ifndef ALIGNX_LIB_TEXT_PII_EMAIL_H
#define ALIGNX_LIB_TEXT_PII_EMAIL_H

#include "lib/text/pii_match.h"

/* The address around the '@', around the word "at", or before the first '.' of a host, at i. */
bool pii_email_find(const struct pii_text *t, size_t i, struct pii_match *m);

#endif
