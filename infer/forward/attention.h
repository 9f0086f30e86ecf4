/* attention.h - causal attention of a batch of tokens over a tree of texts.
 *
 * Keys and values of all tokens seen so far stand in a cache; a token sees a few
 * spans of it, those of the texts before it and its own up to itself.  Scores
 * are taken a tile at a time with a running softmax (Milakov and Gimelshein
 * 2018; Dao et al. 2022), so no row of all scores is ever in memory; tiles that
 * nobody sees are passed over.  Rows that see the same keys, and the heads of a
 * group (Ainslie et al. 2023), share them. */

#ifndef ALIGNX_INFER_ATTENTION_H
#define ALIGNX_INFER_ATTENTION_H

#include "infer/model/model.h"

/* Tokens that stand side by side, in the cache and in the text. */
struct span {
	size_t first, len;		/* in the cache */
	int32_t position;		/* of the first one */
};

/* What a token of the batch sees: all of the spans. */
struct view {
	const struct span *span;
	size_t spans;
	struct span own;		/* seen behind them */
	int32_t position;
	bool is_wanted;			/* its hidden state is, behind the last layer */
};

struct attention {
	const struct model *model;
	const struct layer *layer;
	const float *q;			/* rows x heads x head_size, rows `stride` apart */
	size_t stride;
	const float *k, *v;		/* cache: kv_heads x tokens x head_size */
	size_t tokens;			/* room of the cache */
	const struct view *view;	/* of each row */
	const float *coefficient;	/* of each head (PEAR); NULL: all 1 */
	float *out;			/* rows x heads x head_size */
};

/* Whether queries, keys, values and their weights are rounded to 16 bits (and summed as
 * tile registers do, infer/tensor/compute_type.h): keys and values must be so in the cache. */
static inline bool
attention_is_rounded(enum precision p)
{
	return p == PRECISION_AMX;
}

/* Scratch memory of the workers of a pool. */
struct attention_room;

struct attention_room *attention_room_new(const struct model *m, struct pool *pool,
    enum level level, enum precision precision);
void attention_room_free(struct attention_room *r);
size_t attention_room_bytes(const struct model *m, size_t threads);

void attention_run(const struct attention *a, size_t rows,
    struct attention_room *room);

#endif
