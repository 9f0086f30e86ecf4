/* forward_internal.h - what the files of forward.h share. */

#ifndef ALIGNX_INFER_FORWARD_FORWARD_INTERNAL_H
#define ALIGNX_INFER_FORWARD_FORWARD_INTERNAL_H

#include <stdatomic.h>

#include "infer/forward/forward.h"

#define FORWARD_FINITE SIZE_MAX

/* How the current sublayer (attention or MLP) ends. */
struct sublayer {
	const struct linear *linear; /* its last matrix */
	bool is_mlp;
	const struct norm_weights *norm;  /* of the sum, in post-norm models */
	const struct norm_weights *after; /* of its output (Gemma 2) */
	const struct norm_weights *next;  /* of the next sublayer's input; NULL: this is the
						   last */
};

struct forward {
	const struct model *model;
	struct forward_options options;
	struct thread_pool *pool;
	struct matmul *matmul;
	struct attention_scratch *attention;
	struct logits *logits;
	struct kv_view *view;
	float *slab;
	float *k, *v;           /* layers x kv_heads x tokens x head_size */
	float *hidden, *normed; /* rows x width */
	float *heads;           /* rows x heads_stride: q, k, v */
	float *attn_heads;      /* heads' outputs, rows x heads x head_size */
	float *ffn;             /* rows x ffn_stride: gate, up */
	float *cosine, *sine;   /* rows x rope_size / 2 */
	size_t heads_stride, ffn_stride;
	size_t rows, first;
	size_t length;            /* of the texts that are run */
	atomic_size_t overflowed; /* where hidden states ceased to be finite: 1 + layer, 0 the
				     embedding; FORWARD_FINITE */

	const uint32_t *id; /* the current batch */
	size_t layer;
	struct sublayer sublayer;
};

/* Notes where a row of hidden states ceases to be finite: after `layer` layers. */
void forward_check_row(struct forward *f, size_t row, size_t layer);

/* Token ids to hidden states. */
void forward_embed(struct forward *f);

/* forward_begin() norms the first layer's input; the others run the current layer. */
void forward_begin(struct forward *f);
void forward_attention(struct forward *f);
void forward_mlp(struct forward *f);

static inline size_t
q_len(const struct model *m)
{
	return m->heads * m->head_size;
}

static inline size_t
kv_len(const struct model *m)
{
	return m->kv_heads * m->head_size;
}

#endif
