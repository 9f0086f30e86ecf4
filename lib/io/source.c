#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/core/arena.h"
#include "lib/core/buf.h"
#include "lib/io/source.h"
#include "lib/io/source_archive.h"
#include "lib/io/source_decompress.h"

struct source {
	int fd;
	uint64_t taken, size;
	bool has_begun, is_over;
	int window_log;
	struct buf name; /* of the operand, then of the member */
	size_t operand_len;
	struct source_decompress *file;   /* the plain bytes of the file */
	struct source_archive *archive;   /* if they are an archive; else NULL */
	struct source_decompress *member; /* the plain bytes of a file in it */
};

static ssize_t
pull_file(void *from, void *into, size_t cap, struct fault *f)
{
	struct source *s = from;
	ssize_t n;

	do {
		n = read(s->fd, into, cap);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return fault_sys(f, "cannot be read");
	s->taken += (uint64_t)n;
	return n;
}

static ssize_t
pull_member(void *from, void *into, size_t cap, struct fault *f)
{
	return source_archive_read(((struct source *)from)->archive, into, cap, f);
}

/* The caller's place is that of what it was given, not of what was read ahead. */
static int64_t
seek_file(void *from, int64_t to, int whence)
{
	struct source *s = from;
	int64_t ahead = whence == SEEK_CUR ? (int64_t)source_decompress_unread(s->file) : 0;
	off_t at = lseek(s->fd, (off_t)(to - ahead), whence);

	source_decompress_forget(s->file);
	if (at >= 0)
		s->taken = (uint64_t)at;
	return at;
}

static int
open_file(struct source *s, const char *name, struct fault *f)
{
	struct stat st;

	s->fd = STDIN_FILENO;
	if (strcmp(name, "-") != 0 && (s->fd = open(name, O_RDONLY | O_CLOEXEC)) < 0)
		return fault_sys(f, "%s", s->name.data);
	if (fstat(s->fd, &st) != 0)
		return fault_sys(f, "%s", s->name.data);
	if (S_ISDIR(st.st_mode))
		return fault_stop(f, "%s: is a directory; name the files in it", s->name.data);
	if (S_ISREG(st.st_mode))
		s->size = (uint64_t)st.st_size;
	return 0;
}

struct source *
source_open(const char *name, int window_log, struct fault *f)
{
	struct source *s = calloc(1, sizeof(*s));
	struct fault why = FAULT_NONE;

	if (s == NULL)
		arena_out_of_memory();
	s->window_log = window_log;
	buf_add_str(&s->name, strcmp(name, "-") == 0 ? "stdin" : name);
	s->operand_len = s->name.len;
	buf_add_byte(&s->name, '\0');
	s->file = source_decompress_new(window_log);
	if (open_file(s, name, f) == 0) {
		if (source_decompress_begin(s->file, pull_file, s, &why) == 0)
			return s;
		fault_stop(f, "%s: %s", s->name.data, why.text);
	}
	source_close(s);
	return NULL;
}

void
source_close(struct source *s)
{
	if (s == NULL)
		return;
	source_decompress_free(s->member);
	source_archive_close(s->archive);
	source_decompress_free(s->file);
	if (s->fd > STDIN_FILENO)
		close(s->fd);
	buf_release(&s->name);
	free(s);
}

/* JSON and msgpack bypass libarchive, which is slower.  A tar archive is recognised by its
 * magic number even if the name of its first file begins like one of them. */
static bool
is_json_or_msgpack(const uint8_t *head, size_t len)
{
	size_t i = len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	if (len > 262 && memcmp(head + 257, "ustar", 5) == 0)
		return false;
	if (head[0] >= 0x80 && head[0] <= 0x8f)
		return true;
	if (head[0] == 0xde || head[0] == 0xdf)
		return true;
	while (i < len && strchr(" \t\r\n", head[i]) != NULL && head[i] != 0)
		i++;
	return i < len && (head[i] == '{' || head[i] == '[' || head[i] == '"');
}

/* Downloads make room for the whole file first. */
static bool
is_zero(const uint8_t *head, size_t len)
{
	size_t i = 0;

	while (i < len && head[i] == 0)
		i++;
	return i == len;
}

static int
first_member(struct source *s, struct fault *f)
{
	const uint8_t *head;
	ssize_t n = source_decompress_peek(s->file, &head, f);

	s->is_over = n <= 0;
	if (n <= 0)
		return (int)n;
	if (is_json_or_msgpack(head, (size_t)n))
		return 1;
	if (is_zero(head, (size_t)n)) {
		s->is_over = true;
		return fault_stop(f,
		    "it begins with zeros, as a file does whose download "
		    "is not finished; get it again");
	}
	s->archive = source_archive_open(s->file,
	    s->size > 0 && source_decompress_is_plain(s->file) ? seek_file : NULL, s, f);
	s->is_over = s->archive == NULL;
	return s->is_over ? -2 : 1;
}

static void
name_member(struct source *s)
{
	const char *path = source_archive_path(s->archive);

	s->name.len = s->operand_len;
	if (path != NULL) {
		buf_add_byte(&s->name, '/');
		buf_add_str(&s->name, path);
	}
	buf_add_byte(&s->name, '\0');
}

static int
next_file(struct source *s, struct fault *f)
{
	int rc;

	if ((rc = source_archive_next(s->archive, f)) <= 0) {
		s->name.data[s->operand_len] = '\0';
		return rc;
	}
	name_member(s);
	if (s->member == NULL)
		s->member = source_decompress_new(s->window_log);
	return source_decompress_begin(s->member, pull_member, s, f) < 0 ? -2 : 1;
}

int
source_next(struct source *s, struct fault *f)
{
	int rc;

	if (s->is_over)
		return 0;
	if (!s->has_begun) {
		s->has_begun = true;
		if ((rc = first_member(s, f)) <= 0)
			return rc;
	} else if (s->archive == NULL) {
		s->is_over = true;
		return 0;
	}
	return s->archive != NULL ? next_file(s, f) : 1;
}

const char *
source_name(const struct source *s)
{
	return s->name.data;
}

static struct source_decompress *
current(const struct source *s)
{
	return s->archive != NULL ? s->member : s->file;
}

ssize_t
source_peek(struct source *s, const uint8_t **head, struct fault *f)
{
	return source_decompress_peek(current(s), head, f);
}

ssize_t
source_read(struct source *s, void *into, size_t cap, struct fault *f)
{
	return source_decompress_read(current(s), into, cap, f);
}

uint64_t
source_bytes_read(const struct source *s)
{
	return s->taken;
}

uint64_t
source_bytes_good(const struct source *s)
{
	return source_decompress_is_plain(s->file) ? s->taken - source_decompress_unread(s->file)
						   : source_decompress_good(s->file);
}

uint64_t
source_size(const struct source *s)
{
	return s->size;
}
