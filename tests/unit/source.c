/* source.c - the plain bytes of files of every compression, whole and broken. */

#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/core/buf.h"
#include "lib/io/source.h"
#include "tests/tap.h"

static char name[] = "/tmp/alignx-source-XXXXXX";
static struct buf got;

static void
save(const char *data, size_t len)
{
	FILE *out = fopen(name, "wb");

	fwrite(data, 1, len, out);
	fclose(out);
}

/* Reads all members in pieces of the size given: the number of members, or -2
 * with the fault. */
static int
read_all(int window_log, size_t piece, struct fault *f)
{
	struct source *s = source_open(name, window_log, f);
	int members = 0, rc = -2;
	ssize_t n = 0;

	buf_clear(&got);
	buf_reserve(&got, piece);
	if (s == NULL)
		return -2;
	while (n >= 0 && (rc = source_next(s, f)) == 1) {
		members++;
		while ((n = source_read(s, buf_reserve(&got, piece), piece, f)) > 0)
			got.len += (size_t)n;
	}
	if (n < 0 || rc < 0) {
		struct fault again = FAULT_NONE;

		members = -2;
		if (n < 0
		    && (source_read(s, buf_reserve(&got, piece), piece, &again) != -2
			|| strcmp(again.text, f->text) != 0))
			fault_set(f, "", "a break does not last");
	}
	source_close(s);
	return members;
}

/* The bytes saved become text, and then want_fault (or no fault, if NULL). */
static void
becomes_n(const char *what, const char *text, size_t len, const char *want_fault)
{
	static const size_t pieces[] = { 1, 2, 511, 512, 513, 300000 };

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct fault f = FAULT_NONE;
		int rc = read_all(31, pieces[i], &f);
		bool same = got.len == len && memcmp(got.data, text, len) == 0;

		ok(same
			&& (want_fault == NULL ? rc >= 0
					       : rc == -2 && strcmp(f.text, want_fault) == 0),
		    "%s, read by %zu: %s", what, pieces[i], f.text);
	}
}

#define BLOCK5(last, text) last "\0\0" text /* raw, 5 bytes: 5 << 3 | last */
#define X2000 "\x82\x3e\0x"                 /* 2000 << 3 | 1 << 1: an x, 2000 times */
#define SKIP "\x5a\x2a\x4d\x18\3\0\0\0abc"
#define BECOMES(what, text, fault) becomes_n(what, text, sizeof(text) - 1, fault)
#define SAVE(literal) save(literal, sizeof(literal) - 1)

static void
test_zstd(void)
{
	struct buf text = { 0 };

	SAVE("\x28\xb5\x2f\xfd\0\xa8" BLOCK5("\x29", "{\"1\"}"));
	BECOMES("a window of 2 GiB", "{\"1\"}", NULL);
	SAVE(SKIP "\x28\xb5\x2f\xfd\0\x58" BLOCK5("\x28", "{\"1\",") BLOCK5("\x29", "\"2\"}\n") SKIP
	    "\x28\xb5\x2f\xfd\0\xa8" BLOCK5("\x29", "{\"3\"}") SKIP);
	BECOMES("frames and skippable frames", "{\"1\",\"2\"}\n{\"3\"}", NULL);
	SAVE("\x28\xb5\x2f\xfd\0\x58" BLOCK5("\x29",
	    "{\"1\"}") "\0\0\0\0\0\0"
		       "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
	BECOMES("padding", "{\"1\"}", NULL);
	SAVE("\x28\xb5\x2f\xfd\0\x58" BLOCK5("\x29", "{\"1\"}") "{\"2\"}");
	BECOMES("garbage after it", "{\"1\"}",
	    "after 5 bytes the zstd "
	    "data end and something else follows");
	SAVE("\x28\xb5\x2f\xfd\0\x58" BLOCK5("\x28", "{\"1\"}") "\x29\0\0");
	BECOMES("cut within a block", "{\"1\"}",
	    "truncated: the zstd data "
	    "stop in the middle, after 5 bytes");
	SAVE("\x28\xb5\x2f\xfd\0\x58" BLOCK5("\x28", "{\"1\"}"));
	BECOMES("cut between blocks", "{\"1\"}",
	    "truncated: the zstd data "
	    "stop in the middle, after 5 bytes");
	SAVE("\x28\xb5\x2f\xfd");
	BECOMES("cut after the magic number", "",
	    "truncated: the zstd data stop "
	    "in the middle, after 0 bytes");
	SAVE("\x28\xb5\x2f\xfd\0\x58" BLOCK5("\x28", "{\"1\"}") "\x2f\0\0");
	BECOMES("damaged", "{\"1\"}",
	    "broken zstd data after 5 bytes: Data "
	    "corruption detected");
	SAVE("\x28\xb5\x2f\xfd\0\x58" BLOCK5("\x28", "{\"1\"}") X2000 "\x2f\0\0");
	memcpy(buf_reserve(&text, 2005), "{\"1\"}", 5);
	memset(text.data + 5, 'x', 2000);
	becomes_n("damaged after many bytes", text.data, 2005,
	    "broken zstd data "
	    "after 2005 bytes: Data corruption detected");
	buf_release(&text);
	SAVE("\x28\xb5\x2f\xfd\4\x58" BLOCK5("\x29", "{\"1\"}") "\1\2\3\4");
	BECOMES("a wrong sum", "{\"1\"}",
	    "broken zstd data after 5 bytes: "
	    "Restored data doesn't match checksum");
	SAVE("\x50\x2a\x4d\x18\0\0\0\0");
	BECOMES("a skippable frame alone", "", NULL);
}

static void
refuses(int window_log, const char *why, const char *what)
{
	struct fault f = FAULT_NONE;

	char want[600];
	snprintf(want, sizeof(want), "%s: %s", name, why);
	ok(read_all(window_log, 10, &f) == -2 && strcmp(f.text, want) == 0, "%s is refused: %s",
	    what, f.text);
}

static void
test_window(void)
{
	struct fault f = FAULT_NONE;

	SAVE("\x28\xb5\x2f\xfd\0\xa8" BLOCK5("\x29", "{\"1\"}"));
	refuses(27,
	    "needs a zstd window of 2^31 bytes, and 2^27 are allowed; "
	    "give --zstd-window 31",
	    "a window over the limit");
	SAVE("\x28\xb5\x2f\xfd\0\x89" BLOCK5("\x29", "{\"1\"}"));
	refuses(27,
	    "needs a zstd window of 2^28 bytes, and 2^27 are allowed; "
	    "give --zstd-window 28",
	    "an odd window a little over the limit");
	SAVE("\x28\xb5\x2f\xfd\0\xb0" BLOCK5("\x29", "{\"1\"}"));
	refuses(31,
	    "needs a zstd window of 2^32 bytes, and libzstd allows 2^31 "
	    "at most",
	    "a window over all limits");
	SAVE("\x28\xb5\x2f\xfd\xa0\0\0\0\x10" BLOCK5("\x29", "{\"1\"}"));
	refuses(27,
	    "needs a zstd window of 2^28 bytes, and 2^27 are allowed; "
	    "give --zstd-window 28",
	    "a single segment over the limit");
	SAVE("\x28\xb5\x2f\xfd\0\x58" BLOCK5("\x29",
	    "{\"1\"}") "\x28\xb5\x2f\xfd\0\xa8" BLOCK5("\x29", "{\"1\"}"));
	ok(read_all(27, 10, &f) == -2 && got.len == 5
		&& strcmp(f.text,
		       "needs a zstd window of 2^31 bytes, and 2^27 are allowed; give "
		       "--zstd-window 31")
		    == 0,
	    "in a later frame too: %s", f.text);
}

static void
test_plain(void)
{
	SAVE("");
	BECOMES("nothing", "", NULL);
	SAVE("{\"1\"}");
	BECOMES("JSON", "{\"1\"}", NULL);
	SAVE("a\tb\0\nc");
	BECOMES("another text", "a\tb\0\nc", NULL);
	SAVE("\x81\xa1"
	     "a\x01");
	BECOMES("msgpack",
	    "\x81\xa1"
	    "a\x01",
	    NULL);
	SAVE("#mtree\n./passwd type=file contents=/etc/passwd\n");
	BECOMES("a manifest", "#mtree\n./passwd type=file contents=/etc/passwd\n", NULL);
	SAVE("see\nbegin 644 cat\n#0V%T\n`\nend\n");
	BECOMES("a text with something uuencoded", "see\nbegin 644 cat\n#0V%T\n`\nend\n", NULL);
	SAVE("\x28\xb5\x2f");
	BECOMES("three bytes of a magic", "\x28\xb5\x2f", NULL);
}

static void
test_operand(void)
{
	struct fault f = FAULT_NONE;
	struct source *s;
	char block[8];

	SAVE("{\"1\"}");
	s = source_open(name, 31, &f);
	ok(strcmp(source_name(s), name) == 0, "the operand is called by name");
	ok(source_size(s) == 5, "its size is known");
	ok(source_next(s, &f) == 1 && source_read(s, block, 8, &f) == 5
		&& source_bytes_read(s) == 5,
	    "what was taken is counted");
	ok(source_read(s, block, 8, &f) == 0 && source_next(s, &f) == 0 && source_next(s, &f) == 0,
	    "the end stays the end");
	source_close(s);
	source_close(NULL);
	ok(freopen(name, "rb", stdin) != NULL, "standard input");
	s = source_open("-", 31, &f);
	ok(strcmp(source_name(s), "stdin") == 0, "it is called stdin");
	ok(source_next(s, &f) == 1 && source_read(s, block, 8, &f) == 5, "standard input is read");
	source_close(s);
	ok(fcntl(0, F_GETFD) >= 0, "standard input stays open");
}

int
main(void)
{
	close(mkstemp(name));
	test_plain();
	test_zstd();
	test_window();
	test_operand();
	buf_release(&got);
	unlink(name);
	return tap_done();
}
