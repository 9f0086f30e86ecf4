/* head_list.h - reads a list of attention heads from a JSON file.
 *
 * {"heads": [{"layer": 0, "head": 3, ...}, ...]} and any other members: the output of
 * alignx-pear, or written by hand. */

#ifndef ALIGNX_INFER_PEAR_HEAD_LIST_H
#define ALIGNX_INFER_PEAR_HEAD_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/arena.h"
#include "lib/core/fault.h"

struct head_entry {
	size_t layer, head;
	bool has_coefficient;
	double coefficient; /* finite, below a million */
};

struct head_list {
	struct head_entry *at; /* in the file's order, each head once */
	size_t len;
	size_t ranked;           /* the first so many are in the order of their effect */
	const char *fingerprint; /* of the model it was made for; NULL: not said */
};

/* layers, heads: the model's.  Everything is in the arena. -2: not JSON, no list, a head
 * outside the model or listed twice, a coefficient that is not a finite number. */
int head_list_read(struct head_list *l, const char *file, size_t layers, size_t heads,
    struct arena *a, struct fault *f);

#endif
