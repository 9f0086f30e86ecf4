/* source_archive.c - the members of archives in formats that no tool here writes, and with
 * entries that are no files. */

#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/core/buf.h"
#include "lib/io/source.h"
#include "tests/tap.h"

static char name[] = "/tmp/alignx-archive-XXXXXX";

static void
add(struct archive *a, const char *path, int type, const char *link, const char *data)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, path);
	archive_entry_set_filetype(e, (unsigned)type);
	archive_entry_set_perm(e, 0644);
	archive_entry_set_size(e, (la_int64_t)strlen(data));
	if (link != NULL && type == AE_IFLNK)
		archive_entry_set_symlink(e, link);
	else if (link != NULL)
		archive_entry_set_hardlink(e, link);
	archive_write_header(a, e);
	archive_write_data(a, data, strlen(data));
	archive_entry_free(e);
}

static void
write_archive(int (*set_format)(struct archive *), bool has_links)
{
	struct archive *a = archive_write_new();

	set_format(a);
	archive_write_open_filename(a, name);
	add(a, "d", AE_IFDIR, NULL, "");
	add(a, "d/one", AE_IFREG, NULL, "{1}\n");
	if (has_links) {
		add(a, "d/soft", AE_IFLNK, "one", "");
		add(a, "d/hard", AE_IFREG, "d/one", "");
	}
	add(a, "two", AE_IFREG, NULL, "hello\n{2}");
	add(a, "empty", AE_IFREG, NULL, "");
	archive_write_free(a);
}

/* "NAME=BYTES;" for each member, and the fault if there is one. */
static void
list(const char *operand, struct buf *b)
{
	struct fault f = FAULT_NONE;
	struct source *s = source_open(operand, 31, &f);
	char block[3];
	int rc = -2;
	ssize_t n = 0;

	buf_clear(b);
	while (s != NULL && n >= 0 && (rc = source_next(s, &f)) == 1) {
		buf_printf(b, "%s=", source_name(s) + strlen(name));
		while ((n = source_read(s, block, sizeof(block), &f)) > 0)
			buf_add(b, block, (size_t)n);
		buf_add_byte(b, ';');
	}
	buf_printf(b, "%s", f.text);
	ok(n < 0 || rc < 0 || (strcmp(source_name(s), operand) == 0 && source_next(s, &f) == 0),
	    "after the last file there is no other");
	source_close(s);
}

static void
test_formats(struct buf *b)
{
	static const struct {
		const char *name;
		int (*set)(struct archive *);
		bool has_links;
	} formats[] = {
		{ "ustar", archive_write_set_format_ustar, true },
		{ "pax", archive_write_set_format_pax, true },
		{ "GNU tar", archive_write_set_format_gnutar, true },
		{ "cpio", archive_write_set_format_cpio_newc, false },
		{ "zip", archive_write_set_format_zip, false },
		{ "7zip", archive_write_set_format_7zip, false },
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		write_archive(formats[i].set, formats[i].has_links);
		list(name, b);
		ok(strcmp(b->data, "/d/one={1}\n;/two=hello\n{2};/empty=;") == 0, "%s: %s",
		    formats[i].name, b->data);
	}
}

int
main(void)
{
	struct buf b = { 0 };

	close(mkstemp(name));
	test_formats(&b);
	unlink(name);
	buf_release(&b);
	return tap_done();
}
