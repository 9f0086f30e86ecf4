/* source_xz.c - the xz codec of source_decompress.c. */

#include "config.h"

#include <lzma.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/io/source_codec.h"

enum { OVERHEAD = 64 << 20 }; /* what liblzma needs in addition to its dictionary, at most */

struct xz_decoder {
	lzma_stream xz;
	uint64_t memory;
};

static bool
has_magic(const uint8_t *head, size_t len)
{
	return len >= 6
	    && memcmp(head,
		   "\xfd"
		   "7zXZ\0",
		   6)
	    == 0;
}

static void *
open_decoder(int window_log)
{
	struct xz_decoder *d = calloc(1, sizeof(*d));

	if (d == NULL)
		arena_out_of_memory();
	d->xz = (lzma_stream)LZMA_STREAM_INIT;
	d->memory = ((uint64_t)1 << window_log) + OVERHEAD;
	return d;
}

static void
close_decoder(void *state)
{
	lzma_end(&((struct xz_decoder *)state)->xz);
	free(state);
}

static int
begin(void *state, const uint8_t *head, size_t len, struct fault *f)
{
	struct xz_decoder *d = state;

	(void)head, (void)len, (void)f;
	if (lzma_stream_decoder(&d->xz, d->memory, 0) != LZMA_OK)
		arena_out_of_memory();
	return 0;
}

static const char *
explain(lzma_ret rc)
{
	switch (rc) {
	case LZMA_MEMLIMIT_ERROR:
		return "needs more memory than allowed; give a larger "
		       "--zstd-window";
	case LZMA_OPTIONS_ERROR:
		return "uses a filter or flag that liblzma does not know";
	default:
		return "the data are damaged";
	}
}

static enum source_status
step(void *state, struct source_step *s, const char **why)
{
	lzma_stream *xz = &((struct xz_decoder *)state)->xz;

	xz->next_in = s->in;
	xz->avail_in = s->in_len;
	xz->next_out = s->out;
	xz->avail_out = s->out_len;
	lzma_ret rc = lzma_code(xz, LZMA_RUN);

	s->in += s->in_len - xz->avail_in;
	s->in_len = xz->avail_in;
	s->out = xz->next_out;
	s->out_len = xz->avail_out;
	if (rc == LZMA_OK || rc == LZMA_BUF_ERROR)
		return SOURCE_CONTINUES;
	if (rc == LZMA_STREAM_END)
		return SOURCE_FRAME_END;
	if (rc == LZMA_MEM_ERROR)
		arena_out_of_memory();
	*why = explain(rc);
	return SOURCE_CORRUPT;
}

const struct source_codec source_xz = { "xz", has_magic, open_decoder, begin, step, close_decoder };
