/* model.h - a model: its sizes, its choices, and where its weights are.
 *
 * Matrices are views into the mapped file, in the file's types; vectors (norms,
 * biases, rotary factors) are copied as floats.  Every shape was checked. */

#ifndef ALIGNX_INFER_MODEL_H
#define ALIGNX_INFER_MODEL_H

#include "infer/model/architecture.h"
#include "infer/model/model_file.h"
#include "infer/matmul/matmul.h"

enum { MODEL_HEAD_MAX = 512 };	/* dimensions of a head */

struct norm_weights {
	const float *weight, *bias;	/* NULL: there is none */
};

/* y = scale * (x w^T) + bias; some converters leave a scale beside a matrix. */
struct linear {
	struct weight weight;
	const float *bias;		/* NULL: there is none */
	float scale;
};

struct layer {
	struct norm_weights attention_norm, q_norm, k_norm, after_attention;
	size_t q_norm_len, k_norm_len;	/* of a head, or of all of them together */
	struct linear q, k, v, qkv, output;	/* q, k, v apart, or fused in that order */
	struct norm_weights mlp_norm, after_mlp;
	struct linear gate, up, down;	/* up may be [gate; up] */
	const float *unscale;		/* what activations are divided by; NULL */
	size_t mlp;			/* inner size */
	size_t window;			/* keys that a query sees; 0: all before it */
};

struct model {
	const struct architecture *architecture;
	struct directory file;
	struct directory_text name;
	size_t layers, width, heads, kv_heads, head_size, vocabulary, context;
	size_t mlp_max;
	double epsilon, attention_scale, attention_cap, logit_cap;
	double qkv_clamp;		/* 0: none */
	enum positions positions;
	size_t rope_size;		/* dimensions of a head that are turned */
	float *rope_frequency;		/* rope_size / 2, radians a position */
	float rope_magnitude;		/* what turned vectors are multiplied by */
	float *alibi;			/* a slope for each head */

	struct layer *layer;
	struct weight embedding, position;
	struct linear project_in, project_out;	/* where embeddings are narrower */
	bool is_normed_after;		/* parts of layers, not before */
	struct norm_weights embedding_norm, output_norm;	/* no weight: there is none */
	struct linear output;		/* may be the embedding */
};

/* -2 with a sentence that names what is missing or wrong. */
int model_open(struct model *m, const char *file, struct arena *a,
    struct fault *f);
void model_close(struct model *m);

#endif
