/* model.h - a model: hyperparameters, and where its weights are.
 *
 * Matrices are views into the mapped file, in the types of the file; vectors (norms,
 * biases, rotary frequencies) are copied as floats.  All shapes are checked.
 * matmul.h is included for users of a model, who multiply with its weights. */

#ifndef ALIGNX_INFER_MODEL_MODEL_H
#define ALIGNX_INFER_MODEL_MODEL_H

#include "infer/model/architecture.h"
#include "infer/model/model_file.h"
#include "infer/matmul/matmul.h"

enum { MODEL_HEAD_MAX = 512 }; /* dimensions of a head */

/* Without a weight the model has no such norm, and callers must skip it: ops_norm() would still
 * normalise. */
struct norm_weights {
	const float *weight, *bias; /* NULL: it has none */
};

/* y = scale * (x w^T) + bias; the scale is that of a converter's NAME.scale tensor. */
struct linear {
	struct weight weight;
	const float *bias; /* NULL: it has none */
	float scale;
};

struct layer {
	struct norm_weights attention_norm, q_norm, k_norm, post_attention_norm;
	size_t q_norm_len, k_norm_len;      /* of one head, or of all heads together */
	struct linear q, k, v, qkv, output; /* q, k and v, or all three in qkv */
	struct norm_weights mlp_norm, post_mlp_norm;
	struct linear gate, up, down; /* without a gate, up may be [gate; up] */
	const float *act_scale;       /* AWQ: activations are divided by it; NULL */
	size_t mlp;                   /* intermediate size of the MLP (FFN) */
	size_t window;                /* keys that a query attends to; 0: all before it */
};

struct model {
	const struct architecture *architecture;
	struct model_file file;
	struct text name;
	size_t layers, width, heads, kv_heads, head_size, vocabulary, context;
	size_t mlp_max; /* the largest intermediate size of all layers */
	double epsilon, attention_scale, attn_softcap, logit_softcap;
	double qkv_clamp; /* 0: none */
	enum positions positions;
	size_t rope_size;      /* dimensions of a head that are rotated */
	float *rope_frequency; /* rope_size / 2, radians per position */
	float *rope_long;      /* those of texts longer than rope_original (LongRoPE); or NULL */
	size_t rope_original;  /* context before scaling */
	double rope_base, rope_factor;
	struct text rope_scaling; /* its name */
	float rope_attn_factor;   /* factor of rotated q and k (attn_factor, YaRN) */
	float *alibi;             /* a slope for each head */

	struct layer *layer;
	struct weight embedding, position;
	struct linear project_in, project_out; /* where embeddings are narrower than width */
	/* Post-norm (OPT-350m): attention_norm and mlp_norm follow the residual sums.  Not the
	 * post_*_norm of a layer, which are of a sublayer's output before its sum (Gemma 2). */
	bool is_post_norm;
	struct norm_weights embedding_norm, output_norm; /* no weight: it has none */
	struct linear output; /* the LM head, which may be the embedding */
};

/* The rotary frequencies of a text of so many tokens, as Transformers chooses them. */
static inline const float *
model_rope_frequency(const struct model *m, size_t length)
{
	return m->rope_long != NULL && length > m->rope_original ? m->rope_long : m->rope_frequency;
}

/* -2 with a sentence that names what is missing or wrong. */
int model_open(struct model *m, const char *file, struct arena *a, struct fault *f);
void model_close(struct model *m);

#endif
