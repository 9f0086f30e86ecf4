/* pii_handle.h - handles behind an '@'.
 *
 *	@name, .@name, "@some\_one		@[user]
 *	@name@host.tld (Mastodon)		@[user]
 *	https://medium.com/@name/slug		https://medium.com/@[user]/slug
 *
 * What programmers, shops and clocks write stays: @Override, @media, @param x, SELECT @id;
 * @angular/core, 8 cores @3GHz, $5@10, SETI@home. */

#ifndef ALIGNX_LIB_TEXT_PII_HANDLE_H
#define ALIGNX_LIB_TEXT_PII_HANDLE_H

#include "lib/text/pii_match.h"

/* The handle after the '@' at i, which is no e-mail address. */
bool pii_handle_find(const struct pii_text *t, size_t i, struct pii_match *m);

#endif
