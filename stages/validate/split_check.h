/* split_check.h - is anything of the training records in the test records?
 *
 * A record says in its provenance on which side it is, and of each text the thread and the
 * author.  What must not be shared depends on how the records were split (alignx-emit(1)). */

#ifndef ALIGNX_STAGES_VALIDATE_SPLIT_CHECK_H
#define ALIGNX_STAGES_VALIDATE_SPLIT_CHECK_H

#include "lib/core/hash_index.h"
#include "schema/messages.h"

/* In the order of --split. */
enum split_check_kind {
	SPLIT_CHECK_AUTO,
	SPLIT_CHECK_THREAD,
	SPLIT_CHECK_COMMUNITY,
	SPLIT_CHECK_TIME,
	SPLIT_CHECK_USER,
	SPLIT_CHECK_NONE
};

struct split_check {
	int kind;
	struct hash_index index;
	struct split_seen {
		uint64_t key;
		int split;
	} * seen; /* each thread and user, with its first side */
	size_t len, cap;
};

/* -1 (across-split) if a thread or user of the record was seen on the other side.  file: where the
 * record is from. */
int split_check_record(struct split_check *s, const char *file, const struct record *r,
    struct fault *f);
void split_check_release(struct split_check *s);

#endif
