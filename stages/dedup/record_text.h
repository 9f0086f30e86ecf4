/* record_text.h - the text of a message that is compared with others.
 *
 * interaction: its text; exchange: the comment; pair: post and both responses;
 * record and benchmark row: prompt and both responses.  Kinds are not compared with
 * each other, nor are posts with anything: many threads have the same title. */

#ifndef ALIGNX_STAGES_DEDUP_RECORD_TEXT_H
#define ALIGNX_STAGES_DEDUP_RECORD_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/core/buf.h"
#include "lib/core/fault.h"
#include "lib/io/spool.h"

struct dedup_text {
	const char *text; /* a view into the message, or into the buffer given */
	size_t len;
	const char *id, *user, *thread; /* views; empty if there is none */
	size_t id_len, user_len, thread_len;
	int64_t created;     /* INT64_MAX: not known */
	unsigned char group; /* only texts of one group are compared */
};

/* Of the posts among interactions, which are compared only with other versions of the same. */
bool dedup_is_post(unsigned char group);

/* Finds the text of a packed message; -1 if it has none. */
int dedup_text_of(const void *message, size_t len, struct buf *b, struct dedup_text *out,
    struct fault *f);

/* Buffers for texts that are read again from the spool. */
struct dedup_reread {
	struct buf message, joined;
};

/* The text of a message in the spool: a view into the spool or x; -2. */
int dedup_text_reread(struct spool *s, uint64_t offset, size_t len, struct dedup_reread *x,
    struct dedup_text *out, struct fault *f);
void dedup_reread_release(struct dedup_reread *x);

#endif
