/* json_escape.h - one escape of a JSON text. */

#ifndef ALIGNX_LIB_JSON_ESCAPE_H
#define ALIGNX_LIB_JSON_ESCAPE_H

#include <stddef.h>
#include <stdint.h>

/* Decodes the escape at p (a backslash, and at least one byte behind it before
 * stop) and moves *out behind the UTF-8 written there: at most 4 bytes, never
 * more than were read.  Returns the bytes read; 0 if it is none of JSON's, or
 * half of a surrogate pair. */
size_t json_escape(const char *p, const char *stop, char **out);

/* The number in the four hexadecimal digits at p; -1 if they are not there. */
int32_t json_escape_hex(const char *p, const char *stop);

#endif
