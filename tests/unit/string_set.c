/* string_set.c - sets of strings, and the lists that they are read from. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/core/buf.h"
#include "lib/core/string_set.h"
#include "tests/tap.h"

static int
join(void *with, const char *line, size_t len, struct fault *f)
{
	(void)f;
	buf_add(with, line, len);
	buf_add_byte(with, '|');
	return 0;
}

static void
test_lines(void)
{
	static const char text[] = "# first\n a b \n\n\tc#d # e\r\n#f\nlast";
	char name[] = "/tmp/alignx-string-set-XXXXXX";
	struct fault f = FAULT_NONE;
	struct buf b = { 0 };
	int fd = mkstemp(name);

	ok(string_set_lines(text, strlen(text), join, &b, &f) == 0 && b.len == 13
		&& memcmp(b.data, "a b|c#d|last|", 13) == 0,
	    "lines come without surrounding blanks and comments");
	buf_clear(&b);
	ok(write(fd, text, strlen(text)) > 0 && string_set_file(name, join, &b, &f) == 0
		&& b.len == 13 && memcmp(b.data, "a b|c#d|last|", 13) == 0,
	    "lines of a file come as those of a text");
	unlink(name);
	ok(string_set_file(name, join, &b, &f) == -2 && strstr(f.text, name) != NULL,
	    "a missing file is a fault that names it");
	close(fd);
	buf_release(&b);
}

int
main(void)
{
	struct arena a = { 0 };
	struct string_set set = { 0 };
	bool is_good = true;
	char name[300];

	ok(!string_set_has(&set, "x", 1), "an empty set has no string");
	string_set_add(&set, &a, "Some_One", 8);
	string_set_add(&set, &a, "SOME_one", 8);
	ok(set.len == 1 && string_set_has(&set, "some_onE", 8), "upper and lower case are equal");
	ok(!string_set_has(&set, "some_on", 7), "a prefix of a string is not in the set");
	for (int i = 0; i < 10000; i++)
		string_set_add(&set, &a, name, (size_t)snprintf(name, sizeof(name), "n%d", i));
	for (int i = 0; i < 20000; i++)
		is_good &= string_set_has(&set, name,
			       (size_t)snprintf(name, sizeof(name), "N%d", i))
		    == (i < 10000);
	ok(is_good && set.len == 10001, "ten thousand strings are found, and no others");
	memset(name, 'A', sizeof(name));
	string_set_add(&set, &a, name, sizeof(name));
	ok(string_set_has(&set, name, sizeof(name)), "a string longer than 256 bytes is found");
	test_lines();
	string_set_release(&set);
	arena_release(&a);
	return tap_done();
}
