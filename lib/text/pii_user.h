/* pii_user.h - names of users as Reddit and sites like it write them.
 *
 *	u/name, /u/name, /user/name, U/some\_one	u/[user]
 *	https://old.reddit.com/user/name/comments	https://old.reddit.com/u/[user]/comments
 *	r/u_name, u\_name (a user's own community)	u/[user]
 *	/message/compose/?to=/u/name&subject=x		/message/compose/?to=/u/[user]&subject=x
 *
 * Within a path, "u" or "user" must be its first part: api/user/login stays. */

#ifndef ALIGNX_LIB_TEXT_PII_USER_H
#define ALIGNX_LIB_TEXT_PII_USER_H

#include "lib/text/pii_match.h"

/* The name that belongs to the '/', '\\' or '=' at i. */
bool pii_user_find(const struct pii_text *t, size_t i, struct pii_match *m);

#endif
