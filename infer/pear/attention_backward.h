/* attention_backward.h - backward pass of attention over whole sequences of one length.
 *
 * The counterpart of infer/forward/attention.h, where every sequence begins at position 0 and
 * is whole in the batch.  Attention weights are recomputed from queries and keys. */

#ifndef ALIGNX_INFER_PEAR_ATTENTION_BACKWARD_H
#define ALIGNX_INFER_PEAR_ATTENTION_BACKWARD_H

#include "infer/model/model.h"

struct attention_backward {
	const struct model *model;
	const struct layer *layer;
	size_t sequences, length;
	const float *q;     /* sequences x length x heads x head_size, after RoPE */
	const float *k, *v; /* sequences x length x kv_heads x head_size */
};

/* From d_heads_out, the gradient of the heads' outputs before coefficients, to those of q, k
 * and v; each has the shape of what it is the gradient of.  Sums are in the order of tokens and
 * heads, whatever the number of threads. */
void attention_backward_run(const struct attention_backward *c, const float *d_heads_out,
    float *d_q, float *d_k, float *d_v, struct thread_pool *pool);

#endif
