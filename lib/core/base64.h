/* base64.h - bytes as text (RFC 4648, padded), by libsodium. */

#ifndef ALIGNX_LIB_BASE64_H
#define ALIGNX_LIB_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Characters that n bytes make. */
static inline size_t
base64_len(size_t n)
{
	return (n + 2) / 3 * 4;
}

/* Writes base64_len(n) characters and a NUL. */
void base64_write(char *out, const void *data, size_t n);

/* Reads len characters into out, which has room for len / 4 * 3 bytes; false
 * if they are not what base64_write() writes. */
bool base64_read(unsigned char *out, size_t *n, const char *text, size_t len);

#endif
