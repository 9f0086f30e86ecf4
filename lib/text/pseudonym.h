/* pseudonym.h - names that nobody can turn back without the key.
 *
 * A pseudonym is the keyed BLAKE2b hash (libsodium crypto_generichash) of a
 * name and the data set it belongs to: 120 bits as 24 letters and digits of
 * base 32.  The same key gives the same pseudonyms in every run; without it
 * nobody can try out names.  The key is a file of 32 random bytes that only
 * its owner may read; it is made on first use, by one of any number of
 * programs that start at the same time. */

#ifndef ALIGNX_LIB_PSEUDONYM_H
#define ALIGNX_LIB_PSEUDONYM_H

#include <stddef.h>

#include "lib/core/buf.h"
#include "lib/core/fault.h"

enum { PSEUDONYM_LEN = 24, PSEUDONYM_KEY_BYTES = 32 };

struct pseudonym_key {
	unsigned char bytes[PSEUDONYM_KEY_BYTES];
};

/* Reads the key from a file, which is made first if it is not there (with the
 * folders above it).  -2 if it has another size or others may read it. */
int pseudonym_key_read(const char *file, struct pseudonym_key *key,
    struct fault *f);

/* The file that is used where none is named: $XDG_DATA_HOME/alignx/key, or
 * ~/.local/share/alignx/key.  -2 if neither variable is set. */
int pseudonym_key_file(struct buf *name, struct fault *f);

/* Writes PSEUDONYM_LEN characters, without a NUL. */
void pseudonym_make(const struct pseudonym_key *key, const char *set,
    const char *name, size_t len, char *out);

#endif
