/* json_locate.h - finds the byte of a value in a JSON text. */

#ifndef ALIGNX_LIB_JSON_JSON_LOCATE_H
#define ALIGNX_LIB_JSON_JSON_LOCATE_H

#include <stddef.h>
#include <stdint.h>

/* The byte at which the value of an RFC 6901 pointer begins in a valid JSON text; if a step
 * does not exist, that of the last value before it.  For messages only: names with escapes
 * are not matched. */
int64_t json_locate(const char *text, size_t len, const char *pointer);

#endif
