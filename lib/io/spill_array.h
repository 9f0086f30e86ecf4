/* spill_array.h - large arrays that spill to disk.
 *
 * For what a program must remember of each record.  An array beyond its memory limit is
 * mapped from a temporary file, and the kernel keeps in memory the pages that are used.  Disk
 * space is allocated beforehand, so a full disk is a fault, not a SIGBUS.  A zeroed struct is
 * an empty array. */

#ifndef ALIGNX_LIB_IO_SPILL_ARRAY_H
#define ALIGNX_LIB_IO_SPILL_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/fault.h"

struct room {
	void *data;
	size_t size;		/* bytes */
	bool is_in_file;
	int fd;
};

/* How many bytes of an array may be in memory, and the folder of its file. */
struct room_limit {
	int64_t memory;
	const char *folder;	/* as for temp_file_folder() */
};

/* Resizes to size bytes.  The contents stay, but may move; new bytes are 0.  -2 with a
 * fault. */
int room_resize(struct room *r, size_t size, const struct room_limit *l,
    struct fault *f);

/* Makes sure that an element of `row` bytes fits after the first n.  -2 with a fault. */
int room_for_row(struct room *r, size_t n, size_t row,
    const struct room_limit *l, struct fault *f);

/* Sorts the first n elements; the order of equal ones is undefined.  What does not fit in
 * memory is sorted in runs, which are merged.  -2 with a fault. */
typedef int room_compare_fn(const void *a, const void *b);
int room_sort(struct room *r, size_t n, size_t row, room_compare_fn *compare,
    const struct room_limit *l, struct fault *f);

void room_release(struct room *r);

#endif
