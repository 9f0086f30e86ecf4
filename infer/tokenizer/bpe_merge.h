/* bpe_merge.h - merges neighbouring symbols of a text, the best pair first, as byte-pair
 * encoding does (Sennrich et al. 2016).
 *
 * The symbols are a linked list.  Of all neighbours that can be merged, the pair with
 * the lowest rank is (the leftmost among equals), until none can.  A heap of pairs
 * makes this O(n log n). */

#ifndef ALIGNX_INFER_TOKENIZER_BPE_MERGE_H
#define ALIGNX_INFER_TOKENIZER_BPE_MERGE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/core/buf.h"

struct bpe_symbol {
	size_t at, len;      /* bytes of the text; len 0: merged into the previous */
	uint32_t id;         /* its token; the caller's */
	uint32_t prev, next; /* neighbours, or BPE_MERGE_END */
};

#define BPE_MERGE_END UINT32_MAX

/* Can two neighbours be merged?  Sets the rank (the lower, the sooner) and the token. */
typedef bool bpe_merge_fn(void *with, const struct bpe_symbol *left, const struct bpe_symbol *right,
    double *rank, uint32_t *id);

struct bpe_merge { /* zeroed is empty */
	struct buf symbols, heap;
};

/* Begins a text; then its symbols are added in order. */
void bpe_merge_begin(struct bpe_merge *m);
void bpe_merge_add(struct bpe_merge *m, size_t at, size_t len, uint32_t id);

void bpe_merge_run(struct bpe_merge *m, bpe_merge_fn *fn, void *with);

/* The symbols that remain, in order; NULL after the last. */
const struct bpe_symbol *bpe_merge_first(const struct bpe_merge *m);
const struct bpe_symbol *bpe_merge_next(const struct bpe_merge *m, const struct bpe_symbol *s);
void bpe_merge_release(struct bpe_merge *m);

#endif
