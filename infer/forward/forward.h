/* forward.h - a batch of tokens through all layers.
 *
 * The only forward pass.  Scoring (session.c) runs sequences that grow in a KV cache.  PEAR runs
 * whole sequences, reads activations through a hook, and resumes from the middle of a layer
 * with a head replaced.  One slab holds cache and activations; a pass allocates nothing. */

#ifndef ALIGNX_INFER_FORWARD_FORWARD_H
#define ALIGNX_INFER_FORWARD_FORWARD_H

#include "infer/forward/attention.h"
#include "infer/forward/logits.h"

struct forward;

/* Activations of a row that a hook sees, named as in TransformerLens where it has a name. */
enum hook {
	HOOK_RESID_PRE, /* width: the layer's input */
	HOOK_Q,
	HOOK_K,
	HOOK_V,          /* after projection, bias and clamp, before norm and RoPE */
	HOOK_ATTN_HEADS, /* heads x head_size: hook_z, before coefficients
						   and output projection */
	HOOK_ATTN_OUT,   /* width: attention's output, before any norm */
	HOOK_ATTN_POST,  /* width: input of the norm after attention, if any */
	HOOK_RESID_MID,  /* width: hidden states between attention and MLP */
	HOOK_MLP_GATE,
	HOOK_MLP_UP,   /* mlp: before the activation function */
	HOOK_MLP_POST, /* width: input of the norm after the MLP, where there is
					   one */
	HOOKS
};

/* Called for each hook point and row, by several workers at once. */
typedef void forward_hook_fn(void *with, enum hook hook, size_t layer, size_t row, const float *x,
    size_t n);

struct forward_options {
	size_t tokens, batch;     /* capacity of the KV cache; rows of a pass, at most */
	bool has_whole_sequences; /* each pass has whole sequences, so all
							   layers share one layer's cache */
	enum cpu_isa isa;
	enum precision precision;
	const float *coefficient; /* layers x heads (PEAR); NULL: all 1 */
	forward_hook_fn *hook;    /* NULL: none */
	void *with;
};

/* Bytes of memory, with so many threads. */
size_t forward_bytes(const struct model *m, const struct forward_options *o, size_t threads);
struct forward *forward_new(const struct model *m, const struct forward_options *o,
    struct thread_pool *pool);
void forward_free(struct forward *f);

/* One view for each row of the next forward_run(), to be filled before it.  After it, the first
 * ones are those of the rows that need output. */
struct kv_view *forward_views(struct forward *f);

/* The length of the texts that are run from now on, at least whether it is above rope_original:
 * 0, the default, is not. */
void forward_set_length(struct forward *f, size_t length);

/* Runs `rows` tokens; their keys and values go to the cache from `first` on. */
void forward_run(struct forward *f, const uint32_t *id, size_t first, size_t rows);

/* The same for whole sequences of one length, one after the other, from position 0. */
void forward_run_sequences(struct forward *f, const uint32_t *id, size_t sequences, size_t length);

/* -2 if a hidden state or log-probability was infinite or NaN in any pass so far; the sentence
 * names the layer where it began. */
int forward_check_finite(const struct forward *f, struct fault *fault);

/* Last hidden states, before the final norm, of the rows that need output: rows x width. */
float *forward_hidden(struct forward *f);

/* The rest of a layer, for rows whose hidden states before it are in forward_hidden(): from
 * the heads' outputs in forward_attn_heads(), or from attention's output in
 * forward_attn_out().  Without coefficients. */
void forward_from_attn_heads(struct forward *f, size_t layer, size_t rows);
void forward_from_attn_out(struct forward *f, size_t layer, size_t rows);
float *forward_attn_heads(struct forward *f); /* rows x heads x head_size */
float *forward_attn_out(struct forward *f);   /* rows x width */

/* Norm and RoPE of q or k of a row, x in place; the position is that of the row in the last
 * pass. */
void forward_norm_rope(const struct forward *f, const struct norm_weights *norm, size_t norm_len,
    size_t row, float *x, size_t heads);

/* Is a sublayer's output normed: are there HOOK_ATTN_POST or HOOK_MLP_POST? */
bool forward_has_post_norm(const struct model *m, const struct norm_weights *after);

/* For logits of hidden states, up to `batch` at a time. */
struct logits *forward_logits(struct forward *f);

#endif
