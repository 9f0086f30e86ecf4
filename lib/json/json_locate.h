/* json_locate.h - where in a JSON text the value of a pointer stands. */

#ifndef ALIGNX_LIB_JSON_LOCATE_H
#define ALIGNX_LIB_JSON_LOCATE_H

#include <stddef.h>
#include <stdint.h>

/* The byte at which the value of an RFC 6901 pointer begins in a valid JSON
 * text; where a step of the pointer does not exist, the byte of the nearest
 * value on the way.  For messages only: names with escapes are not matched. */
int64_t json_locate(const char *text, size_t len, const char *pointer);

#endif
