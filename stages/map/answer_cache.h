/* answer_cache.h - answers of a web service, kept in a file.
 *
 * Each line is JSON: {"key": 32 digits of a hash, "answer": text}.  A line is written as soon
 * as the answer arrives, so an interrupted run continues where it stopped.  Takes about 64
 * bytes of memory a line.  One program at a time writes to a file. */

#ifndef ALIGNX_STAGES_MAP_ANSWER_CACHE_H
#define ALIGNX_STAGES_MAP_ANSWER_CACHE_H

#include <stdbool.h>

#include "lib/core/buf.h"
#include "lib/core/fault.h"

struct answer_cache;

struct answer_key {
	uint64_t at[2];
};

/* NULL with a fault. */
struct answer_cache *answer_cache_open(const char *file, struct fault *f);
void answer_cache_free(struct answer_cache *c); /* NULL is allowed */

struct answer_key answer_key_of(const void *data, size_t len);

/* Sets answer; false if there is none. */
bool answer_cache_look_up(struct answer_cache *c, struct answer_key key, struct buf *answer);

/* -2 if it cannot be written. */
int answer_cache_put(struct answer_cache *c, struct answer_key key, const char *answer, size_t len,
    struct fault *f);

#endif
