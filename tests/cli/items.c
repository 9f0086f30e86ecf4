/* items.c - shows what the reader makes of its operands, for shell tests: a line for each item
 * and each fault.  -b shows the plain bytes of all members instead. */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io/reader.h"

static struct {
	bool bytes;
	enum reader_form form;
	int window;
	size_t max;
} asked = { false, READER_AUTO, 31, 1 << 20 };
static bool has_faults;

static void
tell(const char *name, struct fault *f)
{
	fprintf(stderr, "%s: %s\n", name, f->text);
	fault_clear(f);
	has_faults = true;
}

static void
show_bytes(const char *name)
{
	static char block[100000];
	struct fault f = FAULT_NONE;
	struct source *s = source_open(name, asked.window, &f);
	ssize_t n;
	int rc;

	if (s == NULL) {
		tell("items", &f);
		return;
	}
	while ((rc = source_next(s, &f)) != 0) {
		while (rc == 1 && (n = source_read(s, block, sizeof(block), &f)) != 0) {
			if (n < 0)
				rc = -2;
			else
				fwrite(block, 1, (size_t)n, stdout);
		}
		fflush(stdout);
		if (rc < 0)
			tell(source_name(s), &f);
	}
	source_close(s);
}

static void
show_items(struct reader *r, const char *name)
{
	static const char *const forms[] = { "auto", "line", "array", "pack" };
	struct fault f = FAULT_NONE;
	struct reader_item it;
	int rc;

	if (reader_open(r, name, asked.window, &f) < 0) {
		tell("items", &f);
		return;
	}
	while ((rc = reader_next(r, &it, &f)) != 0) {
		printf("%s:%" PRIu64 ":%" PRIu64 ":%zu:%s: ", reader_name(r), it.number, it.offset,
		    it.len,
		    rc == 1        ? forms[it.form]
			: rc == -1 ? f.code
				   : "broken");
		fwrite(it.data, 1, it.len < 40 ? it.len : 40, stdout);
		putchar('\n');
		fflush(stdout);
		if (rc < 0)
			tell(reader_name(r), &f);
	}
	reader_close(r);
}

int
main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "blm:w:")) != -1) {
		if (c == 'b')
			asked.bytes = true;
		else if (c == 'l')
			asked.form = READER_LINES;
		else if (c == 'm')
			asked.max = strtoul(optarg, NULL, 10);
		else
			asked.window = atoi(optarg);
	}
	struct reader *r = reader_new(asked.form, asked.max);

	for (int i = optind; i < argc; i++) {
		if (asked.bytes)
			show_bytes(argv[i]);
		else
			show_items(r, argv[i]);
	}
	reader_free(r);
	return has_faults;
}
