/* forward_state.h - what the files of infer/forward/forward.h share. */

#ifndef ALIGNX_INFER_FORWARD_STATE_H
#define ALIGNX_INFER_FORWARD_STATE_H

#include "infer/forward/forward.h"

/* What follows a part of a layer (attention or MLP). */
struct part {
	const struct linear *linear;	/* the matrix behind it */
	bool is_mlp;
	const struct norm_weights *norm;	/* its own, where that stands behind it */
	const struct norm_weights *after;	/* of what it gave */
	const struct norm_weights *next;	/* before the next part; NULL: there is none */
};

struct forward {
	const struct model *model;
	struct forward_options options;
	struct pool *pool;
	struct product *product;
	struct attention_room *attention;
	struct logits *logits;
	struct view *view;
	float *slab;
	float *k, *v;			/* layers x kv_heads x tokens x head_size */
	float *hidden, *normed;		/* rows x width */
	float *heads;			/* rows x heads_stride: q, k, v side by side */
	float *seen;			/* what attention gives, rows x heads x head_size */
	float *wide;			/* rows x wide_stride: gate, up side by side */
	float *cosine, *sine;		/* rows x rope_size / 2 */
	size_t heads_stride, wide_stride;
	size_t rows, first;

	const uint32_t *id;		/* the batch in hand */
	size_t layer;
	struct part part;
};

/* Ids become hidden states. */
void forward_embed(struct forward *f);

/* Hidden states through the layer in hand. */
void forward_begin(struct forward *f);
void forward_attend(struct forward *f);
void forward_think(struct forward *f);

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
