/* architecture.h - in what families of models differ: one row for each. */

#ifndef ALIGNX_INFER_ARCHITECTURE_H
#define ALIGNX_INFER_ARCHITECTURE_H

#include <stdbool.h>
#include <stddef.h>

enum norm { NORM_RMS, NORM_LAYER };
enum positions { POSITIONS_NONE, POSITIONS_ROPE_PAIRS, POSITIONS_ROPE_HALVES,
	POSITIONS_ALIBI, POSITIONS_LEARNED };
enum activation { ACTIVATION_SILU, ACTIVATION_GELU_TANH, ACTIVATION_GELU_ERF,
	ACTIVATION_RELU };

/* How a tensor of a folder becomes what GGUF has. */
enum arrangement {
	ARRANGED,			/* it stands as it should: a view */
	ARRANGED_TURNED,		/* columns for rows: transposed */
	ARRANGED_BY_HEADS,		/* q, k, v of each head: those of all heads */
	ARRANGED_LESS_ONE,		/* one is added */
	ARRANGED_FROM_TWO,		/* without its first two rows */
	ARRANGED_UNIT_ROWS,		/* each row is divided by its length */
};

/* The two names of a tensor, but for ".weight" and ".bias".  A '*' stands for the
 * number of the layer. */
struct part_name {
	const char *gguf, *folder;
	enum arrangement arrangement;
};

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

	/* folders of Hugging Face */
	const char *classes;		/* "architectures" in config.json */
	const char *prefixes;		/* what may stand before names, the longer first */
	const struct part_name *part;	/* NULL name: the end */
	bool is_tied;			/* where config.json does not say */
};

/* NULL if it is not known. */
const struct architecture *architecture_named(const char *name, size_t len);

/* That of a class of Hugging Face's, "LlamaForCausalLM". */
const struct architecture *architecture_of_class(const char *name, size_t len);

/* "llama, qwen2, ..." and "LlamaForCausalLM, ..." for messages. */
const char *architecture_list(void);
const char *architecture_class_list(void);

#endif
