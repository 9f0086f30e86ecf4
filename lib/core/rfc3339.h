/* rfc3339.h - reads times such as 2024-03-02T10:00:00Z. */

#ifndef ALIGNX_LIB_CORE_RFC3339_H
#define ALIGNX_LIB_CORE_RFC3339_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads an RFC 3339 time with its offset from UTC ("Z" or "+05:30"); a space may take the
 * place of the T.  A fraction of a second is dropped.  *seconds: since 1970, UTC, without leap
 * seconds.  False if the text is anything else. */
bool rfc3339_read(const char *s, size_t len, int64_t *seconds);

#endif
