/* pseudonym.h - keyed pseudonyms of author names.
 *
 * A pseudonym is the keyed BLAKE2b hash (libsodium crypto_generichash) of a name and the data
 * set it belongs to: 120 bits as 24 characters of base 32.  The same key gives the same
 * pseudonyms in every run; without the key, nobody can test names against them.  The key is a
 * file of 32 random bytes that only its owner may read.  It is made on first use; of programs
 * that start at the same time, one makes it and all use it. */

#ifndef ALIGNX_LIB_TEXT_PSEUDONYM_H
#define ALIGNX_LIB_TEXT_PSEUDONYM_H

#include <stddef.h>

#include "lib/core/buf.h"
#include "lib/core/fault.h"

enum { PSEUDONYM_LEN = 24, PSEUDONYM_KEY_BYTES = 32 };

struct pseudonym_key {
	unsigned char bytes[PSEUDONYM_KEY_BYTES];
};

/* Reads the key from a file; a missing file is made, with the folders above it.  -2 if it has
 * another size or others may read it. */
int pseudonym_key_read(const char *file, struct pseudonym_key *key, struct fault *f);

/* The default file: $XDG_DATA_HOME/alignx/key, or ~/.local/share/alignx/key.  -2 if neither
 * XDG_DATA_HOME nor HOME is set. */
int pseudonym_key_file(struct buf *name, struct fault *f);

/* Writes PSEUDONYM_LEN characters, without a NUL. */
void pseudonym_make(const struct pseudonym_key *key, const char *set, const char *name, size_t len,
    char *out);

#endif
