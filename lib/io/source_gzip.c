/* source_gzip.c - the gzip codec of source_decompress.c. */

#include "config.h"

#include <stdlib.h>
#include <zlib.h>

#include "lib/core/arena.h"
#include "lib/io/source_codec.h"

enum { WINDOW_BITS = 15, WANT_GZIP = 16 }; /* added, it makes zlib expect a gzip header */

static bool
has_magic(const uint8_t *head, size_t len)
{
	return len >= 4 && head[0] == 0x1f && head[1] == 0x8b && head[2] == Z_DEFLATED
	    && (head[3] & 0xe0) == 0;
}

static void *
open_decoder(int window_log)
{
	z_stream *z = calloc(1, sizeof(*z));

	(void)window_log;
	if (z == NULL || inflateInit2(z, WINDOW_BITS + WANT_GZIP) != Z_OK)
		arena_out_of_memory();
	return z;
}

static void
close_decoder(void *state)
{
	inflateEnd(state);
	free(state);
}

static int
begin(void *state, const uint8_t *head, size_t len, struct fault *f)
{
	(void)head, (void)len, (void)f;
	inflateReset(state);
	return 0;
}

static uInt
at_most(size_t len)
{
	return len < 1 << 30 ? (uInt)len : 1 << 30;
}

static enum source_status
step(void *state, struct source_step *s, const char **why)
{
	z_stream *z = state;

	z->next_in = s->in;
	z->avail_in = at_most(s->in_len);
	z->next_out = s->out;
	z->avail_out = at_most(s->out_len);
	int rc = inflate(z, Z_NO_FLUSH);

	s->in_len -= (size_t)(z->next_in - s->in);
	s->in = z->next_in;
	s->out_len -= (size_t)(z->next_out - s->out);
	s->out = z->next_out;
	if (rc == Z_OK || rc == Z_BUF_ERROR)
		return SOURCE_CONTINUES;
	if (rc == Z_STREAM_END)
		return SOURCE_FRAME_END;
	if (rc == Z_MEM_ERROR)
		arena_out_of_memory();
	*why = z->msg != NULL ? z->msg : "the data are damaged";
	return SOURCE_CORRUPT;
}

const struct source_codec source_gzip = { "gzip", has_magic, open_decoder, begin, step,
	close_decoder };
