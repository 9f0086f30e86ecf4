/* causal.h - causal attention of whole texts of one length, there and back.
 *
 * What attention.h does over a cache, without one: every text begins at position
 * 0 and all its tokens are in the batch, text by text.  The way back computes
 * the weights again from queries and keys, so none are kept.  For learning
 * (infer/backward.c), and for what looks into heads. */

#ifndef ALIGNX_INFER_CAUSAL_H
#define ALIGNX_INFER_CAUSAL_H

#include "infer/model.h"

struct causal {
	const struct model *model;
	const struct layer *layer;
	size_t texts, length;
	const float *q;			/* texts x length x heads x head_size, turned */
	const float *k, *v;		/* texts x length x kv_heads x head_size */
};

/* seen, as q: what each head sees, before its coefficient. */
void causal_run(const struct causal *c, float *seen, struct pool *pool);

/* From the gradient by `seen` those by q, k and v; sums over tokens are in the
 * order of the tokens, over heads of a group in the order of the heads. */
void causal_back(const struct causal *c, const float *d_seen, float *d_q,
    float *d_k, float *d_v, struct pool *pool);

#endif
