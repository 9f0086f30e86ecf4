/* json_escape.h - decodes one escape sequence of a JSON text. */

#ifndef ALIGNX_LIB_JSON_JSON_ESCAPE_H
#define ALIGNX_LIB_JSON_JSON_ESCAPE_H

#include <stddef.h>
#include <stdint.h>

/* Decodes the escape at p (a backslash and at least one more byte before stop) and moves *out
 * past the UTF-8 written: at most 4 bytes, and never more than were read.  Returns the bytes
 * read; 0 if JSON has no such escape, or it is half of a surrogate pair. */
size_t json_escape_decode(const char *p, const char *stop, char **out);

/* The value of the four hexadecimal digits at p; -1 if there are none. */
int32_t json_escape_hex(const char *p, const char *stop);

#endif
