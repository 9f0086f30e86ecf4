/* pii_messenger.h - names on messengers and the like, where no '@' or link shows them.
 *
 *	name#1234		[user]
 *	discord: name		discord: [user]
 *	Venmo handle: name	Venmo handle: [user]
 *
 * "issue#1234", "C#" and "Twitter: the worst of all" stay. */

#ifndef ALIGNX_LIB_TEXT_PII_MESSENGER_H
#define ALIGNX_LIB_TEXT_PII_MESSENGER_H

#include "lib/text/pii_match.h"

/* The name around the '#', or after the ':', at i. */
bool pii_messenger_find(const struct pii_text *t, size_t i, struct pii_match *m);

#endif
