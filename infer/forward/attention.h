/* attention.h - causal attention of a batch of tokens over a tree of sequences.
 *
 * The KV cache holds keys and values of all tokens so far.  A token attends to a few spans of
 * it: those of the sequences before its own, and its own up to itself.  Flash attention: scores
 * are computed a tile at a time with an online softmax (Milakov and Gimelshein 2018; Dao et
 * al. 2022), and tiles that nobody attends to are skipped.  Rows that see the same keys, and
 * the query heads of a group (Ainslie et al. 2023), share packed tiles. */

#ifndef ALIGNX_INFER_FORWARD_ATTENTION_H
#define ALIGNX_INFER_FORWARD_ATTENTION_H

#include "infer/model/model.h"

/* Tokens that follow each other both in the cache and in the text. */
struct kv_span {
	size_t first, len; /* in the cache */
	int32_t position;  /* of the first token */
};

/* What a token attends to: `span`, then `own`. */
struct kv_view {
	const struct kv_span *span;
	size_t spans;
	struct kv_span own; /* its sequence, up to itself */
	int32_t position;
	bool needs_output; /* its last hidden state is wanted */
};

struct attention {
	const struct model *model;
	const struct layer *layer;
	const float *q; /* rows x heads x head_size, `stride` floats apart */
	size_t stride;
	const float *k, *v;         /* cache: kv_heads x tokens x head_size */
	size_t tokens;              /* capacity of the cache */
	const struct kv_view *view; /* of each row */
	const float *coefficient;   /* of the layer's heads (PEAR); NULL: all 1 */
	float *out;                 /* rows x heads x head_size */
};

/* Are queries, keys, values and weights rounded to bfloat16, and summed as AMX does
 * (infer/tensor/compute_type.h)?  The cache must then hold rounded keys and values. */
static inline bool
attention_is_bf16(enum precision p)
{
	return p == PRECISION_AMX;
}

/* Scratch memory for each worker of a pool. */
struct attention_scratch;

struct attention_scratch *attention_scratch_new(const struct model *m, struct thread_pool *pool,
    enum cpu_isa isa, enum precision precision);
void attention_scratch_free(struct attention_scratch *s);
size_t attention_scratch_bytes(const struct model *m, size_t threads);

/* out = coefficient softmax(scale q k^T + bias) v for each row and head. */
void attention_run(const struct attention *a, size_t rows, struct attention_scratch *scratch);

#endif
