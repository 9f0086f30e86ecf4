#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/core/arena.h"
#include "lib/core/buf.h"
#include "lib/core/temp_file.h"
#include "lib/io/spool.h"

enum { TAIL_MAX = 1 << 20 }; /* bytes buffered before they are written */

/* Three parts, in the order of offsets: the first bytes, kept in memory; the file; the tail,
 * not written yet. */
struct spool {
	struct buf kept, tail;
	int64_t memory;
	uint64_t in_file;
	int fd; /* -1: not open yet */
	const char *tmpdir;
};

struct spool *
spool_new(int64_t memory, const char *tmpdir, struct fault *f)
{
	struct spool *s = calloc(1, sizeof(*s));

	if (s == NULL)
		arena_out_of_memory();
	s->memory = memory;
	s->fd = -1;
	s->tmpdir = temp_file_folder(tmpdir);
	if (access(s->tmpdir, W_OK) != 0) {
		fault_sys(f, "%s", s->tmpdir);
		free(s);
		return NULL;
	}
	return s;
}

static int
write_tail(struct spool *s, struct fault *f)
{
	size_t done = 0;

	if (s->fd < 0 && (s->fd = temp_file_open(s->tmpdir, f)) < 0)
		return -2;
	while (done < s->tail.len) {
		ssize_t n = pwrite(s->fd, s->tail.data + done, s->tail.len - done,
		    (off_t)(s->in_file + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fault_sys(f, "temporary file in %s", s->tmpdir);
		done += (size_t)n;
	}
	s->in_file += done;
	buf_clear(&s->tail);
	return 0;
}

int
spool_add(struct spool *s, const void *data, size_t len, uint64_t *offset, struct fault *f)
{
	bool is_kept = s->in_file == 0 && s->tail.len == 0
	    && (int64_t)(s->kept.len + len) <= s->memory;

	*offset = s->kept.len + s->in_file + s->tail.len;
	buf_add(is_kept ? &s->kept : &s->tail, data, len);
	return s->tail.len >= TAIL_MAX ? write_tail(s, f) : 0;
}

/* How many of the bytes are in the part where they begin; *view: NULL if that is the file. */
static size_t
part_of(const struct spool *s, uint64_t offset, size_t len, const char **view)
{
	uint64_t end = s->kept.len;

	*view = NULL;
	if (offset < end)
		*view = s->kept.data + offset;
	else if (offset < (end += s->in_file))
		*view = NULL;
	else {
		*view = s->tail.data + (offset - end);
		end += s->tail.len;
	}
	return len < end - offset ? len : (size_t)(end - offset);
}

static int
read_file(struct spool *s, uint64_t at, char *into, size_t len, struct fault *f)
{
	while (len > 0) {
		ssize_t n = pread(s->fd, into, len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fault_sys(f, "temporary file in %s", s->tmpdir);
		at += (uint64_t)n;
		into += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Reads bytes that may span parts. */
static int
read_in_parts(struct spool *s, uint64_t offset, char *into, size_t len, struct fault *f)
{
	while (len > 0) {
		const char *view;
		size_t n = part_of(s, offset, len, &view);

		if (view != NULL)
			memcpy(into, view, n);
		else if (read_file(s, offset - s->kept.len, into, n, f) < 0)
			return -2;
		offset += n;
		into += n;
		len -= n;
	}
	return 0;
}

const void *
spool_view(const struct spool *s, uint64_t offset, size_t len)
{
	const char *view;

	return part_of(s, offset, len, &view) == len ? view : NULL;
}

int
spool_read(struct spool *s, uint64_t offset, void *into, size_t len, struct fault *f)
{
	return read_in_parts(s, offset, into, len, f);
}

void
spool_free(struct spool *s)
{
	if (s == NULL)
		return;
	if (s->fd >= 0)
		close(s->fd);
	buf_release(&s->kept);
	buf_release(&s->tail);
	free(s);
}
