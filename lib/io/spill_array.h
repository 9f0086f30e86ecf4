/* room.h - large tables, in memory as long as they fit, then in a file.
 *
 * For what a program must remember of each record.  A table beyond the limit
 * is mapped from a temporary file, so that the kernel keeps of it in memory
 * what is in use; room for it on the disk is taken beforehand, so a full disk
 * is told and does not end the program.  A zeroed struct is an empty room. */

#ifndef ALIGNX_LIB_ROOM_H
#define ALIGNX_LIB_ROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/fault.h"

struct room {
	void *data;
	size_t size;
	bool is_in_file;
	int fd;
};

/* How much of a room may be in memory, and where its file goes. */
struct room_limit {
	int64_t memory;
	const char *folder;	/* as for temporary_folder() */
};

/* Makes it size bytes: those that are there stay, though elsewhere, and new
 * ones are 0.  -2 with a fault. */
int room_resize(struct room *r, size_t size, const struct room_limit *l,
    struct fault *f);

/* Makes sure that there is room for one row behind the first n. */
int room_for_row(struct room *r, size_t n, size_t row,
    const struct room_limit *l, struct fault *f);

/* Sorts the first n rows; rows that compare equal come in any order.  What
 * does not fit in memory is sorted in parts, which are merged. */
typedef int room_compare_fn(const void *a, const void *b);
int room_sort(struct room *r, size_t n, size_t row, room_compare_fn *compare,
    const struct room_limit *l, struct fault *f);

void room_release(struct room *r);

#endif
