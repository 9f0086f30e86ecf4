/* source_codec.h - a compression format as a table of functions, for source_decompress.c.
 *
 * zstd is here because libarchive refuses its large windows; gzip, bzip2 and xz because
 * libarchive discards up to 64 KiB of decoded bytes when a stream breaks. */

#ifndef ALIGNX_LIB_IO_SOURCE_CODEC_H
#define ALIGNX_LIB_IO_SOURCE_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/fault.h"

#define SOURCE_HEAD 18 /* bytes that suffice to read the header of any frame */

enum source_status { SOURCE_CONTINUES, SOURCE_FRAME_END, SOURCE_CORRUPT };

/* What is left to read and to fill; a step advances all four. */
struct source_step {
	uint8_t *in;
	size_t in_len;
	uint8_t *out;
	size_t out_len;
};

struct source_codec {
	const char *name;

	/* Does a frame begin here?  len is SOURCE_HEAD, or less near the end. */
	bool (*has_magic)(const uint8_t *head, size_t len);

	void *(*open)(int window_log);

	/* Prepares for the frame that begins with head; -2 refuses it. */
	int (*begin)(void *state, const uint8_t *head, size_t len, struct fault *f);

	/* Decodes some of it; if it is corrupt, *why says why, in a literal. */
	enum source_status (*step)(void *state, struct source_step *s, const char **why);

	void (*close)(void *state);
};

extern const struct source_codec source_bzip2, source_gzip, source_xz, source_zst_blocks,
    source_zstd;

#endif
