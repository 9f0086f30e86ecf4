/* source_zst_blocks.c - the zst_blocks codec of source_decompress.c.
 *
 * The format of the Arctic Shift dumps from April 2023 to March 2024
 * (github.com/ArthurHeitmann/zst_blocks_format).  A block is its length in four bytes and a
 * zstd frame, which holds the number of rows, offset and length of each, and the rows.  All
 * numbers are little-endian.  What comes out are the rows, each on a line. */

#include "config.h"

#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "lib/core/arena.h"
#include "lib/core/buf.h"
#include "lib/io/source_codec.h"

enum { LENGTH = 4, ROW_INFO = 8, PIECE = 128 << 10, BLOCK_MAX = 256 << 20 };

struct blocks_decoder {
	ZSTD_DCtx *zstd;
	size_t length_left; /* bytes of the length that are not read yet */
	size_t left;        /* bytes of the frame that are not read yet */
	struct buf block;   /* what it holds */
	size_t rows, row,
	    row_at; /* the rows; the one that is next, and how much of it was put out */
	bool is_decoded;
};

static uint32_t
number_at(const void *at)
{
	const uint8_t *p = at;

	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool
has_magic(const uint8_t *head, size_t len)
{
	return len >= 2 * LENGTH && number_at(head + LENGTH) == ZSTD_MAGICNUMBER;
}

static void *
open_decoder(int window_log)
{
	struct blocks_decoder *d = calloc(1, sizeof(*d));

	if (d == NULL || (d->zstd = ZSTD_createDCtx()) == NULL)
		arena_out_of_memory();
	ZSTD_DCtx_setParameter(d->zstd, ZSTD_d_windowLogMax, window_log);
	return d;
}

static void
close_decoder(void *state)
{
	struct blocks_decoder *d = state;

	ZSTD_freeDCtx(d->zstd);
	buf_release(&d->block);
	free(d);
}

static int
begin(void *state, const uint8_t *head, size_t len, struct fault *f)
{
	struct blocks_decoder *d = state;

	(void)len, (void)f;
	ZSTD_DCtx_reset(d->zstd, ZSTD_reset_session_only);
	d->length_left = LENGTH;
	d->left = number_at(head);
	buf_clear(&d->block);
	d->is_decoded = false;
	return 0;
}

static void
skip_length(struct blocks_decoder *d, struct source_step *s)
{
	size_t n = d->length_left < s->in_len ? d->length_left : s->in_len;

	s->in += n;
	s->in_len -= n;
	d->length_left -= n;
}

/* The frame is decoded: are all rows within it, and together no longer? */
static bool
has_sound_rows(struct blocks_decoder *d)
{
	const struct buf *b = &d->block;
	uint64_t data, all = 0;

	d->is_decoded = true;
	d->row = d->row_at = 0;
	if (b->len < LENGTH || (d->rows = number_at(b->data)) > (b->len - LENGTH) / ROW_INFO)
		return false;
	data = b->len - LENGTH - d->rows * ROW_INFO;
	for (size_t i = 0; i < d->rows; i++) {
		const char *info = b->data + LENGTH + i * ROW_INFO;
		uint64_t len = number_at(info + 4);

		all += len;
		if (number_at(info) + len > data)
			return false;
	}
	return all <= data;
}

/* Decodes what there is of the frame into the block: what libzstd returned last. */
static size_t
decode_some(struct blocks_decoder *d, struct source_step *s)
{
	ZSTD_inBuffer in = { s->in, s->in_len < d->left ? s->in_len : d->left, 0 };
	ZSTD_outBuffer out;
	size_t rc;

	do {
		out = (ZSTD_outBuffer){ buf_reserve(&d->block, PIECE), PIECE, 0 };
		rc = ZSTD_decompressStream(d->zstd, &out, &in);
		d->block.len += ZSTD_isError(rc) ? 0 : out.pos;
	} while (rc > 0 && !ZSTD_isError(rc) && d->block.len <= BLOCK_MAX
	    && (out.pos == out.size || in.pos < in.size));
	s->in += in.pos;
	s->in_len -= in.pos;
	d->left -= in.pos;
	return rc;
}

static enum source_status
decode_frame(struct blocks_decoder *d, struct source_step *s, const char **why)
{
	size_t rc = decode_some(d, s);

	if (ZSTD_isError(rc)) {
		if (ZSTD_getErrorCode(rc) == ZSTD_error_memory_allocation)
			arena_out_of_memory();
		*why = ZSTD_getErrorName(rc);
	} else if (d->block.len > BLOCK_MAX)
		*why = "a block is larger than 256 MiB";
	else if ((rc == 0) != (d->left == 0))
		*why = "a block is not as long as it says";
	else if (rc == 0 && !has_sound_rows(d))
		*why = "a row is not within its block";
	else
		return SOURCE_CONTINUES;
	return SOURCE_CORRUPT;
}

/* Puts out the next row, or some of it, and a line end. */
static void
put_row(struct blocks_decoder *d, struct source_step *s)
{
	const char *info = d->block.data + LENGTH + d->row * ROW_INFO;
	const char *rows = d->block.data + LENGTH + d->rows * ROW_INFO;
	size_t len = number_at(info + 4), n = len - d->row_at;

	if (n > s->out_len)
		n = s->out_len;
	memcpy(s->out, rows + number_at(info) + d->row_at, n);
	s->out += n;
	s->out_len -= n;
	d->row_at += n;
	if (d->row_at < len || s->out_len == 0)
		return;
	*s->out++ = '\n';
	s->out_len--;
	d->row++;
	d->row_at = 0;
}

static enum source_status
step(void *state, struct source_step *s, const char **why)
{
	struct blocks_decoder *d = state;

	skip_length(d, s);
	if (!d->is_decoded)
		return decode_frame(d, s, why);
	while (d->row < d->rows && s->out_len > 0)
		put_row(d, s);
	return d->row == d->rows ? SOURCE_FRAME_END : SOURCE_CONTINUES;
}

const struct source_codec source_zst_blocks = { "zst_blocks", has_magic, open_decoder, begin, step,
	close_decoder };
