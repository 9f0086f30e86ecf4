/* architecture.h - the model architectures: one row of a table for each.
 *
 * To add an architecture whose layers consist of existing parts (norms, attention, MLP
 * with or without a gate, the position encodings and activations below):
 *
 *  1. architecture.c: a row in table[]; .name is general.architecture in GGUF files,
 *     .hf_classes is "architectures" in config.json.
 *  2. architecture.c: its tensor names, a struct tensor_name for each tensor, or the
 *     list of an architecture with the same names.  Names of GGUF are those that
 *     model.c reads (gguf-py/gguf/constants.py of llama.cpp).
 *  3. hf_hparams.c: its settings in config.json, if they have other names or defaults
 *     (copied[], read_family()); settings that would change the result and are not
 *     supported must be refused (required[]).
 *  4. tests/oracle: make_model.py (a tiny random model), make_folder.py (the same as
 *     a folder), reference.py (its forward pass in float64); then its name in the lists
 *     of tests/cli/{folder,score,pear}.t.
 *  5. tests/vectors: its name and forward pass in make_vectors.py, whose losses vectors.t
 *     compares; a line in alignx-score(1) and in NEWS.
 *
 * A new part (an activation, a norm, a position encoding) is an enum constant or a flag
 * here, a case in infer/forward/, and its gradient in infer/pear/. */

#ifndef ALIGNX_INFER_MODEL_ARCHITECTURE_H
#define ALIGNX_INFER_MODEL_ARCHITECTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/text.h"

enum norm { NORM_RMS, NORM_LAYER };
/* Rotary pairs are dimensions 2i and 2i+1 of a head (interleaved), or i and i + size/2
 * (GPT-NeoX). */
enum positions {
	POSITIONS_NONE,
	POSITIONS_ROPE_INTERLEAVED,
	POSITIONS_ROPE_NEOX,
	POSITIONS_ALIBI,
	POSITIONS_LEARNED
};
enum activation { ACTIVATION_SILU, ACTIVATION_GELU_TANH, ACTIVATION_GELU_ERF, ACTIVATION_RELU };

/* How a Hugging Face tensor is converted to the layout of GGUF. */
enum tensor_fixup {
	FIXUP_NONE,
	FIXUP_TRANSPOSE,         /* GPT-2's Conv1D: matrices are columns x rows */
	FIXUP_SPLIT_HEADS,       /* BLOOM: q, k, v of each head to all q, all k, all v */
	FIXUP_ADD_ONE,           /* Gemma: the norm multiplies by 1 + weight */
	FIXUP_SKIP_TWO_ROWS,     /* OPT: the first two positions are unused */
	FIXUP_L2_NORMALISE_ROWS, /* Baichuan 2: rows of the LM head */
};

/* Both names of a tensor, without ".weight" or ".bias"; '*' is the number of the layer.
 * A tensor without a GGUF name is ignored. */
struct tensor_name {
	const char *gguf, *hf;
	enum tensor_fixup fixup;
};

struct architecture {
	const char *name; /* general.architecture */
	enum norm norm;
	enum positions positions;
	enum activation activation;
	bool is_gated;         /* the MLP has a gate: ffn_gate, or [gate; up] in ffn_up */
	bool scales_embedding; /* embeddings are multiplied by sqrt(width) */
	double alibi;          /* default of attention.max_alibi_bias */
	double attn_softcap, logit_softcap; /* default soft caps of logits; 0: has none */
	int sliding_window_period;          /* sliding window in every layer (1), every other (2) */
	bool has_mlp_scales;                /* ffn_*.scale is applied after the bias */
	/* Parts of every layer that would be optional elsewhere ("attn_q_norm.weight"), and
	 * tensors of GGUF files that change nothing if nothing uses them ('*' is a number);
	 * separated by spaces. */
	const char *required, *harmless;

	/* Hugging Face folders */
	const char *hf_classes;           /* separated by spaces */
	const char *prefixes;             /* optional prefixes of names, the longest first */
	const struct tensor_name *tensor; /* ends with NULL names */
	bool is_tied;                     /* default of tie_word_embeddings */
};

/* By general.architecture, and by a class name such as "LlamaForCausalLM"; NULL if it is
 * not known. */
const struct architecture *architecture_by_name(const struct text *name);
const struct architecture *architecture_by_hf_class(const struct text *name);

/* All of them, for messages: "llama, qwen2, ...", "LlamaForCausalLM ...". */
const char *architecture_list(void);
const char *architecture_hf_class_list(void);

#endif
