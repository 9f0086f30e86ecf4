/* architecture.h - in what families of models differ: one row for each. */

#ifndef ALIGNX_INFER_ARCHITECTURE_H
#define ALIGNX_INFER_ARCHITECTURE_H

#include <stdbool.h>

enum norm { NORM_RMS, NORM_LAYER };
enum positions { POSITIONS_NONE, POSITIONS_ROPE_PAIRS, POSITIONS_ROPE_HALVES,
	POSITIONS_ALIBI, POSITIONS_LEARNED };
enum activation { ACTIVATION_SILU, ACTIVATION_GELU_TANH, ACTIVATION_GELU_ERF,
	ACTIVATION_RELU };

struct architecture {
	const char *name;		/* general.architecture */
	enum norm norm;
	enum positions positions;
	enum activation activation;
	bool is_gated;			/* the MLP has a gate, alone or fused as [gate; up] */
	bool is_scaled;			/* embeddings are multiplied by sqrt(d) */
	double alibi;			/* the largest bias where the file says none */
	double attention_cap, logit_cap;	/* soft caps where the file says none */
	int window_period;		/* every other layer: 2; 1: all that have a window */
	bool has_mlp_scales;		/* scales beside MLP matrices count, behind the bias */
};

/* NULL if it is not known. */
const struct architecture *architecture_named(const char *name, unsigned long len);

/* "llama, qwen2, ..." for messages. */
const char *architecture_list(void);

#endif
