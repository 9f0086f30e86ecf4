/* dedup_text.h - what of a packed noun counts when it is compared.
 *
 * interaction: its text; exchange: the comment's; pair: post and both
 * responses; record and benchmark row: prompt and both responses.  Posts and
 * other texts are not compared with each other, nor are kinds. */

#ifndef ALIGNX_STAGES_DEDUP_TEXT_H
#define ALIGNX_STAGES_DEDUP_TEXT_H

#include <stdint.h>

#include "lib/core/buf.h"
#include "lib/core/fault.h"
#include "lib/io/spool.h"

struct dedup_text {
	const char *text;	/* a view into the noun, or into the buffer given */
	size_t len;
	const char *id;		/* a view */
	size_t id_len;
	int64_t created;	/* INT64_MAX where it is not known */
	unsigned char group;	/* only texts of one group are compared */
};

/* -1 if the noun has no such text. */
int dedup_text_of(const void *noun, size_t len, struct buf *b,
    struct dedup_text *out, struct fault *f);

/* Reads texts back out of a spool: the noun and a joined text are kept here,
 * and what dedup_text_back() gives are views into it. */
struct dedup_back {
	struct buf noun, joined;
};

int dedup_text_back(struct spool *s, uint64_t offset, size_t len,
    struct dedup_back *x, struct dedup_text *out, struct fault *f);
void dedup_back_release(struct dedup_back *x);

#endif
