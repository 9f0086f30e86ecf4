/* top_level_domain.h - the last parts of hosts that texts mention most. */

#ifndef ALIGNX_LIB_TEXT_TOP_LEVEL_DOMAIN_H
#define ALIGNX_LIB_TEXT_TOP_LEVEL_DOMAIN_H

#include <stdbool.h>
#include <stddef.h>

/* Is it com, org, uk, ...?  In any case; others exist, but are words or rare. */
bool top_level_domain_is_known(const char *s, size_t len);

/* Does a name such as "mail.example.com" end in one? */
bool top_level_domain_ends(const char *s, size_t len);

#endif
