/* heads.h - a list of attention heads in a JSON file.
 *
 * {"heads": [{"layer": 0, "head": 3, ...}, ...]}, with whatever else beside: what
 * alignx-pear writes, and what people write by hand. */

#ifndef ALIGNX_INFER_HEADS_H
#define ALIGNX_INFER_HEADS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/arena.h"
#include "lib/core/fault.h"

struct head_entry {
	size_t layer, head;
	bool has_coefficient;
	double coefficient;		/* finite, below a million */
};

struct head_list {
	struct head_entry *at;		/* in the file's order; no head stands twice */
	size_t len;
	size_t ranked;			/* so many are in the order of their rank */
	const char *fingerprint;	/* of the model; NULL if the file names none */
};

/* layers, heads: what the model has.  All is in the arena.  -2 with "FILE: what is
 * wrong": no JSON, no list of heads, a head outside the model or twice, a
 * coefficient that is no finite number. */
int heads_read(struct head_list *l, const char *file, size_t layers,
    size_t heads, struct arena *a, struct fault *f);

#endif
