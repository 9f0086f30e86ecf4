/* thread_index.h - which texts answer which, thread by thread.
 *
 * An entry stands for a post or a response whose text is elsewhere.  Entries are sorted by
 * thread and by what they answer.  Of several versions of one id, the last is used. */

#ifndef ALIGNX_STAGES_PAIR_THREAD_INDEX_H
#define ALIGNX_STAGES_PAIR_THREAD_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/counters.h"
#include "lib/io/spill_array.h"

struct thread_entry {
	uint64_t thread, id;  /* hashes of ids; the thread is that of the post */
	uint64_t parent;      /* hash of what it answers; 0: not known, or not to be paired */
	int64_t created;      /* INT64_MAX: not known */
	int64_t retrieved;    /* of this version; INT64_MIN: not known */
	uint64_t offset;      /* of its text */
	uint32_t len, number; /* number: in the input, breaks the last ties */
	unsigned char source; /* enum dataset */
	bool is_post, is_edited;
};

struct thread_index {
	struct spill_array_limit limit; /* set by the caller */
	struct spill_array entries;
	size_t len;
};

/* The responses to one prompt. */
struct thread_group {
	const struct thread_entry *post;
	const struct thread_entry *above;     /* the comment they answer; NULL: the post */
	const struct thread_entry **response; /* by time */
	size_t responses;
	bool is_known; /* false: what they answer is not there, or they are too deep to be paired */
};

/* -2: the disk is full. */
int thread_index_add(struct thread_index *x, const struct thread_entry *e, struct fault *f);

/* Calls fn for each group, in an order that does not depend on the input; counts versions that
 * are not used, and responses without their post.  Returns what fn returned if that is
 * negative; -2: the disk is full. */
typedef int thread_group_fn(void *with, const struct thread_group *g, struct fault *f);
int thread_index_each(struct thread_index *x, struct counters *count, thread_group_fn *fn,
    void *with, struct fault *f);

void thread_index_release(struct thread_index *x);

#endif
