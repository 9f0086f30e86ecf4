/* pseudonym.c - pseudonyms, and the key that many programs may want to make at once. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/text/pseudonym.h"
#include "tests/tap.h"

static char folder[] = "/tmp/alignx-pseudonym-XXXXXX";
static char file[128];

static bool
gives(const char *set, const char *name, const char *wanted)
{
	struct pseudonym_key key;
	char out[PSEUDONYM_LEN];

	for (int i = 0; i < PSEUDONYM_KEY_BYTES; i++)
		key.bytes[i] = (unsigned char)i;
	pseudonym_make(&key, set, name, strlen(name), out);
	return memcmp(out, wanted, PSEUDONYM_LEN) == 0;
}

/* Base32 of the first 15 bytes of hashlib.blake2b(set + b"\0" + name,
 * key=bytes(range(32)), digest_size=16), by Python. */
static void
test_vectors(void)
{
	char name[201];

	memset(name, 'x', 200);
	name[200] = '\0';
	ok(gives("reddit", "some_one", "tyi3dfi4e3oqn3apri77u7tk"), "a name");
	ok(gives("prism", "some_one", "xxeiydm4wzfrrz3o4h74t44f"), "the same in another set");
	ok(gives("reddit", name, "42madp6fdiq4y5ow5teydriz"), "a long name");
}

static void
test_made(void)
{
	struct pseudonym_key a, b;
	struct fault f = FAULT_NONE;
	struct stat st;

	snprintf(file, sizeof(file), "%s/deep/er/key", folder);
	ok(pseudonym_key_read(file, &a, &f) == 0, "a key is made on first use");
	ok(stat(file, &st) == 0 && (st.st_mode & 07777) == 0600
		&& st.st_size == PSEUDONYM_KEY_BYTES,
	    "for its owner alone");
	ok(pseudonym_key_read(file, &b, &f) == 0 && memcmp(&a, &b, sizeof(a)) == 0,
	    "a key that was made is read from then on");
}

static bool
is_refused(const char *with)
{
	struct pseudonym_key key;
	struct fault f = FAULT_NONE;

	return pseudonym_key_read(file, &key, &f) == -2 && strstr(f.text, with) != NULL;
}

static void
test_refused(void)
{
	chmod(file, 0640);
	ok(is_refused("chmod 600"), "a key that others can read is refused");
	chmod(file, 0602);
	ok(is_refused("chmod 600"), "or write");
	chmod(file, 0600);
	ok(truncate(file, 31) == 0 && is_refused("32 bytes"), "a short key is refused");
	unlink(file);
	ok(mkdir(file, 0700) == 0 && is_refused("not a key"), "a folder is no key");
	rmdir(file);
	snprintf(file, sizeof(file), "/dev/null/key");
	ok(is_refused("/dev/null"), "a key that cannot be made is a fault");
}

/* Many programs start at once, and all must use one key. */
static void
test_race(void)
{
	enum { PROGRAMS = 24 };
	struct pseudonym_key key, first;
	int result[2], go[2], alike = 0;
	struct fault f = FAULT_NONE;

	snprintf(file, sizeof(file), "%s/race/key", folder);
	if (pipe(result) < 0 || pipe(go) < 0)
		exit(99);
	for (int i = 0; i < PROGRAMS; i++)
		if (fork() == 0) {
			char c;

			close(go[1]);
			if (read(go[0], &c, 1) != 0 /* until all are there */
			    || pseudonym_key_read(file, &key, &f) < 0
			    || write(result[1], &key, sizeof(key)) < 0)
				_exit(1);
			_exit(0);
		}
	close(go[0]);
	close(go[1]);
	close(result[1]);
	while (read(result[0], &key, sizeof(key)) == (ssize_t)sizeof(key)) {
		if (alike == 0)
			first = key;
		alike += memcmp(&key, &first, sizeof(key)) == 0;
	}
	while (wait(NULL) > 0)
		;
	ok(alike == PROGRAMS, "%d of %d programs use one key", alike, PROGRAMS);
}

static void
test_name(void)
{
	struct fault f = FAULT_NONE;
	struct buf name = { 0 };

	setenv("HOME", "/home/me", 1);
	setenv("XDG_DATA_HOME", "/data", 1);
	ok(pseudonym_key_file(&name, &f) == 0 && strcmp(name.data, "/data/alignx/key") == 0,
	    "the place XDG names");
	unsetenv("XDG_DATA_HOME");
	ok(pseudonym_key_file(&name, &f) == 0
		&& strcmp(name.data, "/home/me/.local/share/alignx/key") == 0,
	    "or that below the home");
	unsetenv("HOME");
	ok(pseudonym_key_file(&name, &f) == -2 && strstr(f.text, "--key") != NULL,
	    "or a fault with the cure");
	buf_release(&name);
}

int
main(void)
{
	char command[160];

	if (mkdtemp(folder) == NULL)
		return 99;
	test_vectors();
	test_made();
	test_refused();
	test_race();
	test_name();
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command) != 0 || tap_done();
}
