#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "lib/core/arena.h"
#include "lib/core/buf.h"
#include "lib/io/sink.h"

enum { LEVEL = 3 };

struct sink {
	int fd;
	char *name; /* NULL for standard output */
	char *tmp;  /* NULL if it is written in place */
	uint64_t bytes;
	ZSTD_CCtx *zstd; /* NULL for plain bytes */
	struct buf compressed;
};

static int
write_all(struct sink *s, const char *data, size_t len, struct fault *f)
{
	while (len > 0) {
		ssize_t n = write(s->fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fault_sys(f, "%s", sink_name(s));
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
compress(struct sink *s, const void *data, size_t len, ZSTD_EndDirective how, struct fault *f)
{
	ZSTD_inBuffer in = { data, len, 0 };
	size_t left, cap = ZSTD_CStreamOutSize();

	do {
		buf_clear(&s->compressed);
		ZSTD_outBuffer out = { buf_reserve(&s->compressed, cap), cap, 0 };

		left = ZSTD_compressStream2(s->zstd, &out, &in, how);
		if (ZSTD_isError(left))
			return fault_stop(f, "%s: %s", sink_name(s), ZSTD_getErrorName(left));
		if (write_all(s, s->compressed.data, out.pos, f) < 0)
			return -2;
	} while (how == ZSTD_e_end ? left != 0 : in.pos < in.size);
	return 0;
}

static bool
is_zstd_name(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && strcmp(name + n - 4, ".zst") == 0;
}

/* Devices, pipes and links are written in place: rename() would replace /dev/null, or
 * /dev/stdout, which is a link, by a file. */
static bool
is_special(const char *name)
{
	struct stat st;

	return lstat(name, &st) == 0 && !S_ISREG(st.st_mode);
}

static int
open_file(struct sink *s, const char *name, struct fault *f)
{
	struct buf tmp = { 0 };

	if ((s->name = strdup(name)) == NULL)
		arena_out_of_memory();
	if (!is_special(name)) {
		buf_printf(&tmp, "%s.%ld.tmp", name, (long)getpid());
		s->tmp = tmp.data;
	}
	if ((s->fd = open(s->tmp != NULL ? s->tmp : name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		 0666))
	    < 0)
		return fault_sys(f, "%s", name);
	if (!is_zstd_name(name))
		return 0;
	if ((s->zstd = ZSTD_createCCtx()) == NULL)
		arena_out_of_memory();
	ZSTD_CCtx_setParameter(s->zstd, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(s->zstd, ZSTD_c_checksumFlag, 1);
	return 0;
}

static void
release(struct sink *s)
{
	ZSTD_freeCCtx(s->zstd);
	buf_release(&s->compressed);
	free(s->name);
	free(s->tmp);
	free(s);
}

struct sink *
sink_open(const char *name, struct fault *f)
{
	struct sink *s = calloc(1, sizeof(*s));

	if (s == NULL)
		arena_out_of_memory();
	s->fd = STDOUT_FILENO;
	if (name != NULL && open_file(s, name, f) < 0) {
		release(s);
		return NULL;
	}
	return s;
}

const char *
sink_name(const struct sink *s)
{
	return s->name != NULL ? s->name : "standard output";
}

uint64_t
sink_bytes(const struct sink *s)
{
	return s->bytes;
}

int
sink_write(struct sink *s, const void *data, size_t len, struct fault *f)
{
	s->bytes += len;
	return s->zstd != NULL ? compress(s, data, len, ZSTD_e_continue, f)
			       : write_all(s, data, len, f);
}

int
sink_close(struct sink *s, struct fault *f)
{
	int rc = s->zstd != NULL ? compress(s, "", 0, ZSTD_e_end, f) : 0;

	if (rc == 0 && close(s->fd) != 0)
		rc = fault_sys(f, "%s", sink_name(s));
	if (rc == 0 && s->tmp != NULL && rename(s->tmp, s->name) != 0)
		rc = fault_sys(f, "%s", s->name);
	if (rc != 0 && s->tmp != NULL)
		unlink(s->tmp);
	release(s);
	return rc;
}

void
sink_abandon(struct sink *s)
{
	if (s == NULL)
		return;
	if (s->name != NULL)
		close(s->fd);
	if (s->tmp != NULL)
		unlink(s->tmp);
	release(s);
}

int
sink_write_file(const char *name, const void *data, size_t len, struct fault *f)
{
	struct sink *s = sink_open(name, f);

	if (s == NULL)
		return -2;
	if (sink_write(s, data, len, f) == 0)
		return sink_close(s, f);
	sink_abandon(s);
	return -2;
}
