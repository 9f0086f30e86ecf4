#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/core/buf.h"
#include "lib/io/source_archive.h"

enum { BLOCK = 256 * 1024 };

struct source_archive {
	struct archive *lib;
	struct source_decompress *input;
	source_seek_fn *seek;
	void *from;
	bool is_over;
	uint64_t given;       /* bytes of the current file returned */
	const uint8_t *piece; /* the next block of it, owned by lib */
	size_t piece_len;
	uint64_t piece_at; /* its offset in the file */
	struct buf path;
	struct fault broken; /* of the input */
	uint8_t block[BLOCK];
};

static la_ssize_t
pull(struct archive *lib, void *data, const void **block)
{
	struct source_archive *a = data;
	ssize_t n = source_decompress_read(a->input, a->block, BLOCK, &a->broken);

	*block = a->block;
	if (n >= 0)
		return n;
	archive_set_error(lib, EIO, "%s", a->broken.text);
	return -1;
}

static la_int64_t
seek(struct archive *lib, void *data, la_int64_t to, int whence)
{
	struct source_archive *a = data;

	(void)lib;
	return a->seek(a->from, to, whence);
}

/* Errors are ignored: an unsupported format is reported when a file has it. */
static void
support_all(struct archive *lib)
{
	static int (*const support[])(struct archive *) = {
		archive_read_support_filter_bzip2,
		archive_read_support_filter_compress,
		archive_read_support_filter_gzip,
		archive_read_support_filter_lz4,
		archive_read_support_filter_lzip,
		archive_read_support_filter_lzma,
		archive_read_support_filter_lzop,
		archive_read_support_filter_rpm,
		archive_read_support_filter_xz,
		archive_read_support_filter_zstd,
		archive_read_support_format_7zip,
		archive_read_support_format_ar,
		archive_read_support_format_cab,
		archive_read_support_format_cpio,
		archive_read_support_format_empty,
		archive_read_support_format_lha,
		archive_read_support_format_rar,
		archive_read_support_format_rar5,
		archive_read_support_format_raw,
		archive_read_support_format_tar,
		archive_read_support_format_warc,
		archive_read_support_format_xar,
		archive_read_support_format_zip,
	};

	for (size_t i = 0; i < sizeof(support) / sizeof(support[0]); i++)
		support[i](lib);
}

struct source_archive *
source_archive_open(struct source_decompress *input, source_seek_fn *seek_file, void *from,
    struct fault *f)
{
	struct source_archive *a = malloc(sizeof(*a));

	if (a == NULL || (a->lib = archive_read_new()) == NULL)
		arena_out_of_memory();
	a->input = input;
	a->seek = seek_file;
	a->from = from;
	a->is_over = false;
	a->path = (struct buf){ 0 };
	a->broken = FAULT_NONE;
	support_all(a->lib);
	archive_read_set_read_callback(a->lib, pull);
	archive_read_set_callback_data(a->lib, a);
	if (seek_file != NULL)
		archive_read_set_seek_callback(a->lib, seek);
	if (archive_read_open1(a->lib) == ARCHIVE_OK)
		return a;
	fault_stop(f, "%s", archive_error_string(a->lib));
	source_archive_close(a);
	return NULL;
}

/* The fault of the input says more than libarchive's message. */
static int
report_break(struct source_archive *a, int rc, struct fault *f)
{
	const char *why = archive_error_string(a->lib);

	if (rc == ARCHIVE_FATAL)
		a->is_over = true;
	if (a->broken.text[0] != '\0')
		return fault_stop(f, "%s", a->broken.text);
	return fault_stop(f, "broken after %" PRIu64 " bytes: %s", a->given,
	    why != NULL ? why : "the archive is damaged");
}

static void
set_path(struct source_archive *a, struct archive_entry *entry)
{
	const char *p = archive_entry_pathname(entry);

	if (p == NULL)
		p = archive_entry_pathname_utf8(entry);
	buf_clear(&a->path);
	for (; p != NULL && *p != '\0'; p++)
		buf_add_byte(&a->path, (unsigned char)*p < ' ' || *p == 0x7f ? '?' : *p);
	buf_add_byte(&a->path, '\0');
}

int
source_archive_next(struct source_archive *a, struct fault *f)
{
	struct archive_entry *entry;
	int rc;

	a->given = a->piece_at = 0;
	a->piece_len = 0;
	while (!a->is_over) {
		rc = archive_read_next_header(a->lib, &entry);
		if (rc == ARCHIVE_EOF)
			a->is_over = true;
		else if (rc < ARCHIVE_WARN)
			return report_break(a, rc, f);
		else if (rc != ARCHIVE_RETRY && archive_entry_filetype(entry) == AE_IFREG) {
			set_path(a, entry);
			return 1;
		}
	}
	return 0;
}

const char *
source_archive_path(const struct source_archive *a)
{
	return archive_format(a->lib) == ARCHIVE_FORMAT_RAW ? NULL : a->path.data;
}

/* Gets the next block of at least one byte: 1, 0 at the end, -2.  archive_read_data() is not
 * used because it loses what it has read when it fails. */
static int
next_piece(struct source_archive *a, struct fault *f)
{
	const void *piece;
	la_int64_t at;
	int rc;

	while (a->piece_len == 0 && a->given >= a->piece_at) {
		rc = archive_read_data_block(a->lib, &piece, &a->piece_len, &at);
		if (rc == ARCHIVE_EOF)
			return 0;
		if (rc != ARCHIVE_OK && rc != ARCHIVE_RETRY) {
			a->piece_len = 0;
			return report_break(a, rc, f);
		}
		a->piece = piece;
		a->piece_at = (uint64_t)at;
	}
	return 1;
}

ssize_t
source_archive_read(struct source_archive *a, void *into, size_t cap, struct fault *f)
{
	int rc = next_piece(a, f);

	if (rc != 1)
		return rc;
	if (a->given < a->piece_at) { /* a hole in a sparse file */
		if (cap > a->piece_at - a->given)
			cap = (size_t)(a->piece_at - a->given);
		memset(into, 0, cap);
	} else {
		if (cap > a->piece_len)
			cap = a->piece_len;
		memcpy(into, a->piece, cap);
		a->piece += cap;
		a->piece_len -= cap;
		a->piece_at += cap;
	}
	a->given += cap;
	return (ssize_t)cap;
}

void
source_archive_close(struct source_archive *a)
{
	if (a == NULL)
		return;
	archive_read_free(a->lib);
	buf_release(&a->path);
	free(a);
}
