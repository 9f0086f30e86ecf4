#include "config.h"

#include <sodium.h>
#include <stdio.h>

#include "lib/io/file_digest.h"

int
file_digest(const char *path, char hex[FILE_DIGEST_LEN + 1], uint64_t *size, struct fault *f)
{
	unsigned char sum[crypto_hash_sha256_BYTES], block[1 << 16];
	crypto_hash_sha256_state state;
	FILE *in = fopen(path, "rb");
	size_t n;
	int rc = 0;

	if (in == NULL)
		return fault_sys(f, "%s", path);
	crypto_hash_sha256_init(&state);
	for (*size = 0; (n = fread(block, 1, sizeof(block), in)) > 0; *size += n)
		crypto_hash_sha256_update(&state, block, n);
	if (ferror(in))
		rc = fault_sys(f, "%s", path);
	fclose(in);
	crypto_hash_sha256_final(&state, sum);
	sodium_bin2hex(hex, FILE_DIGEST_LEN + 1, sum, sizeof(sum));
	return rc;
}
