/* source_codec.h - a way of compressing, as a table of functions.
 *
 * Only source_unpack.c uses it.  zstd is here because libarchive refuses its
 * large windows; gzip, bzip2 and xz are here because libarchive throws away
 * up to 64 KiB of what it has decoded when a stream breaks. */

#ifndef ALIGNX_LIB_SOURCE_CODEC_H
#define ALIGNX_LIB_SOURCE_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/fault.h"

#define SOURCE_HEAD 18		/* bytes that tell everything about a frame's begin */

enum source_stepped { SOURCE_GOES_ON, SOURCE_FRAME_ENDS, SOURCE_BREAKS };

/* What is left to read and to fill; a step moves all four on. */
struct source_step {
	uint8_t *in;
	size_t in_len;
	uint8_t *out;
	size_t out_len;
};

struct source_codec {
	const char *name;

	/* Does a frame begin here?  len is SOURCE_HEAD but near the end. */
	bool (*is_mine)(const uint8_t *head, size_t len);

	void *(*open)(int window_log);

	/* Gets ready for the frame that begins with head; -2 refuses it. */
	int (*begin)(void *state, const uint8_t *head, size_t len,
	    struct fault *f);

	/* Decodes some of it; a break says why, in a literal. */
	enum source_stepped (*step)(void *state, struct source_step *s,
	    const char **why);

	void (*close)(void *state);
};

extern const struct source_codec source_bzip2, source_gzip, source_xz,
    source_zstd;

#endif
