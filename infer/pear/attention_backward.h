/* attention_back.h - the way back through attention of whole texts of one length.
 *
 * What attention.h does over a cache, where every text begins at position 0 and all
 * its tokens are in the batch, text by text.  Weights are computed again from
 * queries and keys, so none are kept. */

#ifndef ALIGNX_INFER_ATTENTION_BACK_H
#define ALIGNX_INFER_ATTENTION_BACK_H

#include "infer/model/model.h"

struct attention_back {
	const struct model *model;
	const struct layer *layer;
	size_t texts, length;
	const float *q;			/* texts x length x heads x head_size, turned */
	const float *k, *v;		/* texts x length x kv_heads x head_size */
};

/* From the gradient by what heads see, before coefficients, those by q, k and v; sums
 * over tokens are in the order of the tokens, over heads of a group in the order of
 * the heads. */
void attention_back_run(const struct attention_back *c, const float *d_seen,
    float *d_q, float *d_k, float *d_v, struct pool *pool);

#endif
