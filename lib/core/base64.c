#include "config.h"

#include <sodium.h>

#include "lib/core/base64.h"

void
base64_encode(char *out, const void *data, size_t n)
{
	sodium_bin2base64(out, base64_encoded_len(n) + 1, data, n, sodium_base64_VARIANT_ORIGINAL);
}

bool
base64_decode(unsigned char *out, size_t *n, const char *text, size_t len)
{
	return sodium_base642bin(out, len / 4 * 3, text, len, NULL, n, NULL,
		   sodium_base64_VARIANT_ORIGINAL)
	    == 0;
}
