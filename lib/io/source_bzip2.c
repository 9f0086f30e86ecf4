/* source_bzip2.c - the bzip2 codec of source_decompress.c. */

#include "config.h"

#include <bzlib.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/io/source_codec.h"

struct bzip2_decoder {
	bz_stream bz;
	bool is_open;
};

/* "BZh", the block size, and the magic number of a first block or of the end. */
static bool
has_magic(const uint8_t *head, size_t len)
{
	return len >= 10 && memcmp(head, "BZh", 3) == 0 && head[3] >= '1' && head[3] <= '9'
	    && (memcmp(head + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0
		|| memcmp(head + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

static void *
open_decoder(int window_log)
{
	struct bzip2_decoder *d = calloc(1, sizeof(*d));

	(void)window_log;
	if (d == NULL)
		arena_out_of_memory();
	return d;
}

static void
end(struct bzip2_decoder *d)
{
	if (d->is_open)
		BZ2_bzDecompressEnd(&d->bz);
	d->is_open = false;
}

static void
close_decoder(void *state)
{
	end(state);
	free(state);
}

static int
begin(void *state, const uint8_t *head, size_t len, struct fault *f)
{
	struct bzip2_decoder *d = state;

	(void)head, (void)len, (void)f;
	end(d);
	if (BZ2_bzDecompressInit(&d->bz, 0, 0) != BZ_OK)
		arena_out_of_memory();
	d->is_open = true;
	return 0;
}

static unsigned
at_most(size_t len)
{
	return len < 1 << 30 ? (unsigned)len : 1 << 30;
}

static enum source_status
step(void *state, struct source_step *s, const char **why)
{
	bz_stream *bz = &((struct bzip2_decoder *)state)->bz;
	unsigned in = at_most(s->in_len), out = at_most(s->out_len);

	bz->next_in = (char *)s->in;
	bz->avail_in = in;
	bz->next_out = (char *)s->out;
	bz->avail_out = out;
	int rc = BZ2_bzDecompress(bz);

	s->in += in - bz->avail_in;
	s->in_len -= in - bz->avail_in;
	s->out += out - bz->avail_out;
	s->out_len -= out - bz->avail_out;
	if (rc == BZ_OK)
		return SOURCE_CONTINUES;
	if (rc == BZ_STREAM_END)
		return SOURCE_FRAME_END;
	if (rc == BZ_MEM_ERROR)
		arena_out_of_memory();
	*why = "the data are damaged";
	return SOURCE_CORRUPT;
}

const struct source_codec source_bzip2 = { "bzip2", has_magic, open_decoder, begin, step,
	close_decoder };
