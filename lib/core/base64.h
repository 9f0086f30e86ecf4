/* base64.h - bytes as text (RFC 4648, padded), by libsodium. */

#ifndef ALIGNX_LIB_CORE_BASE64_H
#define ALIGNX_LIB_CORE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Characters that n bytes become. */
static inline size_t
base64_encoded_len(size_t n)
{
	return (n + 2) / 3 * 4;
}

/* Writes base64_encoded_len(n) characters and a NUL. */
void base64_encode(char *out, const void *data, size_t n);

/* Decodes len characters into out, of capacity len / 4 * 3; false if they are not padded
 * base64. */
bool base64_decode(unsigned char *out, size_t *n, const char *text, size_t len);

#endif
