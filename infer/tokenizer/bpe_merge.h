/* merge.h - joins neighbours, the best pair first, as BPE does.
 *
 * The pieces of a text are a list; of all neighbours that can be joined, those
 * with the least rank are (the left ones first among equals), until none can.
 * A heap makes this n log n for texts of any length. */

#ifndef ALIGNX_INFER_MERGE_H
#define ALIGNX_INFER_MERGE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/core/buf.h"

struct merge_piece {
	size_t at, len;			/* bytes of the text */
	uint32_t id;			/* its token; the caller's */
	uint32_t before, behind;	/* neighbours; MERGE_END */
};

#define MERGE_END UINT32_MAX

/* May two neighbours be joined?  Sets rank (less is sooner) and the token. */
typedef bool merge_fn(void *with, const struct merge_piece *left,
    const struct merge_piece *right, double *rank, uint32_t *id);

struct merge {
	struct buf pieces, heap;
};

/* Begins a text, then pieces are added in their order. */
void merge_begin(struct merge *m);
void merge_add(struct merge *m, size_t at, size_t len, uint32_t id);
size_t merge_pieces(const struct merge *m);

void merge_run(struct merge *m, merge_fn *fn, void *with);

/* What is left: the first piece, and from there `behind`; NULL at the end. */
const struct merge_piece *merge_first(const struct merge *m);
const struct merge_piece *merge_next(const struct merge *m,
    const struct merge_piece *p);
void merge_release(struct merge *m);

#endif
