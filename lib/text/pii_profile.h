/* pii_profile.h - the account in a link to a profile of a well-known site.
 *
 *	https://twitter.com/name/status/1	https://twitter.com/[user]/status/1
 *	www.linkedin.com/in/name		www.linkedin.com/in/[user]
 *	stackoverflow.com/users/123/name	stackoverflow.com/users/123/[user]
 *
 * The site's own pages, such as twitter.com/search, stay, and so does every link to a site that
 * is not in the table: there nobody can tell a name from a page. */

#ifndef ALIGNX_LIB_TEXT_PII_PROFILE_H
#define ALIGNX_LIB_TEXT_PII_PROFILE_H

#include "lib/text/pii_match.h"

/* The account of the link whose host ends before the '/' at i. */
bool pii_profile_find(const struct pii_text *t, size_t i, struct pii_match *m);

#endif
