#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/text/pseudonym.h"

int
pseudonym_key_file(struct buf *name, struct fault *f)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

	buf_clear(name);
	if (data != NULL && data[0] == '/') /* a relative path is ignored, as XDG demands */
		buf_printf(name, "%s/alignx/key", data);
	else if (home != NULL && home[0] != '\0')
		buf_printf(name, "%s/.local/share/alignx/key", home);
	else
		return fault_stop(f,
		    "neither XDG_DATA_HOME nor HOME is set, so "
		    "the key cannot be found; name its file with --key");
	buf_add_byte(name, '\0');
	return 0;
}

/* Makes the folders above a file, as far as they are missing. */
static int
make_folders(const char *file, struct fault *f)
{
	struct buf path = { 0 };
	int rc = 0;

	for (const char *p = strchr(file + 1, '/'); p != NULL && rc == 0; p = strchr(p + 1, '/')) {
		buf_clear(&path);
		buf_add(&path, file, (size_t)(p - file));
		buf_add_byte(&path, '\0');
		if (mkdir(path.data, 0700) < 0 && errno != EEXIST)
			rc = fault_sys(f, "cannot make the folder %s", path.data);
	}
	buf_release(&path);
	return rc;
}

static int
write_key(int fd, const char *name, struct fault *f)
{
	struct pseudonym_key key;
	ssize_t n;

	randombytes_buf(key.bytes, sizeof(key.bytes));
	n = write(fd, key.bytes, sizeof(key.bytes));
	sodium_memzero(&key, sizeof(key));
	if (n != (ssize_t)sizeof(key.bytes) || fsync(fd) < 0) {
		close(fd);
		return fault_sys(f, "%s", name);
	}
	return close(fd) < 0 ? fault_sys(f, "%s", name) : 0;
}

/* Writes the key under a name of its own, then links it to the real name.  Of several programs
 * that do this at once, one succeeds; the others find that the name exists, and read that
 * key. */
static int
make_key(const char *file, struct fault *f)
{
	struct buf own = { 0 };
	int fd, rc;

	if (make_folders(file, f) < 0)
		return -2;
	buf_printf(&own, "%s.XXXXXX", file);
	if ((fd = mkostemp(own.data, O_CLOEXEC)) < 0) { /* O_EXCL, mode 0600 */
		rc = fault_sys(f, "cannot make the key %s", file);
		buf_release(&own);
		return rc;
	}
	rc = write_key(fd, own.data, f);
	if (rc == 0 && link(own.data, file) < 0 && errno != EEXIST)
		rc = fault_sys(f, "cannot make the key %s", file);
	unlink(own.data);
	buf_release(&own);
	return rc;
}

static int
check_key(int fd, const char *file, struct fault *f)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fault_sys(f, "%s", file);
	if (!S_ISREG(st.st_mode) || st.st_size != PSEUDONYM_KEY_BYTES)
		return fault_stop(f,
		    "%s is not a key: it must be a file of %d "
		    "bytes; name a file that does not exist, and it is made",
		    file, PSEUDONYM_KEY_BYTES);
	if ((st.st_mode & 077) != 0)
		return fault_stop(f,
		    "others may read or write the key %s; run "
		    "chmod 600 on it or, if somebody has read it, make a new key",
		    file);
	return 0;
}

int
pseudonym_key_read(const char *file, struct pseudonym_key *key, struct fault *f)
{
	int fd, rc;
	ssize_t n;

	if (sodium_init() < 0)
		return fault_stop(f, "libsodium cannot start");
	fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT) {
		if (make_key(file, f) < 0)
			return -2;
		fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	}
	if (fd < 0)
		return fault_sys(f, "cannot open the key %s", file);
	rc = check_key(fd, file, f);
	if (rc == 0) {
		n = read(fd, key->bytes, sizeof(key->bytes));
		if (n != (ssize_t)sizeof(key->bytes))
			rc = fault_sys(f, "cannot read the key %s", file);
	}
	close(fd);
	return rc;
}

static void
put_base32(const unsigned char *from, char *to)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";

	for (int i = 0; i < PSEUDONYM_LEN; i += 8, from += 5) {
		unsigned long long bits = 0;

		for (int k = 0; k < 5; k++)
			bits = bits << 8 | from[k];
		for (int k = 7; k >= 0; k--, bits >>= 5)
			to[i + k] = letters[bits & 31];
	}
}

void
pseudonym_make(const struct pseudonym_key *key, const char *set, const char *name, size_t len,
    char *out)
{
	crypto_generichash_state state;
	unsigned char hash[crypto_generichash_BYTES_MIN];

	crypto_generichash_init(&state, key->bytes, sizeof(key->bytes), sizeof(hash));
	crypto_generichash_update(&state, (const unsigned char *)set, strlen(set) + 1);
	crypto_generichash_update(&state, (const unsigned char *)name, len);
	crypto_generichash_final(&state, hash, sizeof(hash));
	put_base32(hash, out);
}
