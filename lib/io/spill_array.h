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

struct spill_array {
	void *data;
	size_t size; /* bytes */
	bool is_in_file;
	int fd;
};

/* How many bytes of an array may be in memory, and the folder of its file. */
struct spill_array_limit {
	int64_t memory;
	const char *folder; /* as for temp_file_folder() */
};

/* Resizes to size bytes.  The contents stay, but may move; new bytes are 0.  -2 with a
 * fault. */
int spill_array_resize(struct spill_array *r, size_t size, const struct spill_array_limit *l,
    struct fault *f);

/* Makes sure that an element of `row` bytes fits after the first n.  -2 with a fault. */
int spill_array_reserve(struct spill_array *r, size_t n, size_t row,
    const struct spill_array_limit *l, struct fault *f);

/* Sorts the first n elements; the order of equal ones is undefined.  What does not fit in
 * memory is sorted in runs, which are merged.  -2 with a fault. */
typedef int spill_array_compare_fn(const void *a, const void *b);
int spill_array_sort(struct spill_array *r, size_t n, size_t row, spill_array_compare_fn *compare,
    const struct spill_array_limit *l, struct fault *f);

void spill_array_release(struct spill_array *r);

#endif
