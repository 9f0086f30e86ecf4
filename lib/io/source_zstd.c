/* source_zstd.c - the zstd codec of source_decompress.c. */

#include "config.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "lib/core/arena.h"
#include "lib/io/source_codec.h"

enum { BLOCK_HEADER = 3, BLOCK_MAX = 128 << 10 };

struct zstd_decoder {
	ZSTD_DCtx *zstd;
	int window_log;
	size_t hint;  /* bytes that libzstd asks for: a block and the next header */
	bool is_full; /* the output was full: the decoder may hold more */
};

/* The decoder of the last file, reused for the next: its window is most of the memory of the
 * process. */
static ZSTD_DCtx *_Atomic idle;

static uint64_t
little_endian(const uint8_t *p, size_t len)
{
	uint64_t x = 0;

	while (len-- > 0)
		x = x << 8 | p[len];
	return x;
}

static bool
has_magic(const uint8_t *head, size_t len)
{
	uint64_t magic = len >= 4 ? little_endian(head, 4) : 0;

	return magic == ZSTD_MAGICNUMBER
	    || (magic & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START;
}

static void *
open_decoder(int window_log)
{
	struct zstd_decoder *d = calloc(1, sizeof(*d));

	if (d == NULL)
		arena_out_of_memory();
	d->window_log = window_log;
	d->zstd = atomic_exchange(&idle, NULL);
	if (d->zstd == NULL && (d->zstd = ZSTD_createDCtx()) == NULL)
		arena_out_of_memory();
	return d;
}

static void
close_decoder(void *state)
{
	struct zstd_decoder *d = state;

	ZSTD_freeDCtx(atomic_exchange(&idle, d->zstd));
	free(d);
}

/* The window size of a frame (RFC 8878, 3.1.1.1), 0 if the header does not say.  The function
 * of libzstd that reads headers is not in its stable interface. */
static uint64_t
window_of(const uint8_t *head, size_t len)
{
	static const uint8_t id_bytes[] = { 0, 1, 2, 4 };
	static const uint8_t size_bytes[] = { 1, 2, 4, 8 };

	if (len < 6 || little_endian(head, 4) != ZSTD_MAGICNUMBER)
		return 0;
	if ((head[4] & 0x20) == 0) {
		uint64_t base = (uint64_t)1 << (10 + (head[5] >> 3));

		return base + base / 8 * (head[5] & 7);
	}
	size_t at = 5 + id_bytes[head[4] & 3], n = size_bytes[head[4] >> 6];

	return at + n <= len ? little_endian(head + at, n) : 0;
}

static int
begin(void *state, const uint8_t *head, size_t len, struct fault *f)
{
	struct zstd_decoder *d = state;
	uint64_t window = window_of(head, len);
	int log = 10;

	while (log < 64 && ((uint64_t)1 << log) < window)
		log++;
	if (log > 31)
		return fault_stop(f,
		    "needs a zstd window of 2^%d bytes, and "
		    "libzstd allows 2^31 at most",
		    log);
	if (log > d->window_log)
		return fault_stop(f,
		    "needs a zstd window of 2^%d bytes, and "
		    "2^%d are allowed; give --zstd-window %d",
		    log, d->window_log, log);
	d->hint = BLOCK_HEADER;
	d->is_full = false;
	ZSTD_DCtx_reset(d->zstd, ZSTD_reset_session_only);
	ZSTD_DCtx_setParameter(d->zstd, ZSTD_d_windowLogMax, d->window_log);
	return 0;
}

/* The bytes of the next block, or of its header. */
static size_t
wanted(const struct zstd_decoder *d)
{
	return d->is_full ? 0 : d->hint > BLOCK_HEADER ? d->hint - BLOCK_HEADER : d->hint;
}

/* Decodes up to the end of one block.  A call of libzstd that fails does not say how much it
 * wrote, so no call gets both data to write and the header of the next block, which may be
 * bad. */
static size_t
decode_block(struct zstd_decoder *d, struct source_step *s)
{
	size_t most = wanted(d);
	ZSTD_inBuffer in = { s->in, s->in_len < most ? s->in_len : most, 0 };
	ZSTD_outBuffer out = { s->out, s->out_len, 0 };
	size_t rc = ZSTD_decompressStream(d->zstd, &out, &in);

	if (!ZSTD_isError(rc)) {
		d->hint = rc;
		d->is_full = out.pos == out.size;
		s->in += in.pos;
		s->in_len -= in.pos;
		s->out += out.pos;
		s->out_len -= out.pos;
	}
	return rc;
}

static enum source_status
step(void *state, struct source_step *s, const char **why)
{
	struct zstd_decoder *d = state;
	size_t rc;

	do {
		/* a block is given whole, so that what was taken is good as far as it was decoded */
		if (s->in_len < wanted(d) && wanted(d) <= BLOCK_MAX)
			return SOURCE_CONTINUES;
		rc = decode_block(d, s);
	} while (rc > 0 && !ZSTD_isError(rc) && s->in_len > 0 && s->out_len > 0);
	if (!ZSTD_isError(rc))
		return rc == 0 ? SOURCE_FRAME_END : SOURCE_CONTINUES;
	if (ZSTD_getErrorCode(rc) == ZSTD_error_memory_allocation)
		arena_out_of_memory();
	*why = ZSTD_getErrorName(rc);
	return SOURCE_CORRUPT;
}

const struct source_codec source_zstd = { "zstd", has_magic, open_decoder, begin, step,
	close_decoder };
