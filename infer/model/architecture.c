#include "config.h"

#include <stdio.h>
#include <string.h>

#include "infer/model/architecture.h"

static const struct tensor_name llama_names[] = {
	{ "token_embd", "embed_tokens", FIXUP_NONE },
	{ "output_norm", "norm", FIXUP_NONE },
	{ "output", "lm_head", FIXUP_NONE },
	{ "blk.*.attn_norm", "layers.*.input_layernorm", FIXUP_NONE },
	{ "blk.*.attn_q", "layers.*.self_attn.q_proj", FIXUP_NONE },
	{ "blk.*.attn_k", "layers.*.self_attn.k_proj", FIXUP_NONE },
	{ "blk.*.attn_v", "layers.*.self_attn.v_proj", FIXUP_NONE },
	{ "blk.*.attn_qkv", "layers.*.self_attn.qkv_proj", FIXUP_NONE },  /* Phi-3 */
	{ "blk.*.attn_qkv", "layers.*.self_attn.W_pack", FIXUP_NONE },    /* Baichuan */
	{ "blk.*.attn_q_norm", "layers.*.self_attn.q_norm", FIXUP_NONE }, /* Qwen3 */
	{ "blk.*.attn_k_norm", "layers.*.self_attn.k_norm", FIXUP_NONE },
	{ "blk.*.attn_output", "layers.*.self_attn.o_proj", FIXUP_NONE },
	{ "blk.*.ffn_norm", "layers.*.post_attention_layernorm", FIXUP_NONE },
	{ "blk.*.ffn_gate", "layers.*.mlp.gate_proj", FIXUP_NONE },
	{ "blk.*.ffn_up", "layers.*.mlp.up_proj", FIXUP_NONE },
	{ "blk.*.ffn_up", "layers.*.mlp.gate_up_proj", FIXUP_NONE }, /* Phi-3 */
	{ "blk.*.ffn_down", "layers.*.mlp.down_proj", FIXUP_NONE },
	{ NULL, "layers.*.self_attn.rotary_emb.inv_freq", FIXUP_NONE },
	{ NULL, NULL, FIXUP_NONE },
};

static const struct tensor_name gemma2_names[] = {
	{ "token_embd", "embed_tokens", FIXUP_NONE },
	{ "output_norm", "norm", FIXUP_ADD_ONE },
	{ "output", "lm_head", FIXUP_NONE },
	{ "blk.*.attn_norm", "layers.*.input_layernorm", FIXUP_ADD_ONE },
	{ "blk.*.attn_q", "layers.*.self_attn.q_proj", FIXUP_NONE },
	{ "blk.*.attn_k", "layers.*.self_attn.k_proj", FIXUP_NONE },
	{ "blk.*.attn_v", "layers.*.self_attn.v_proj", FIXUP_NONE },
	{ "blk.*.attn_output", "layers.*.self_attn.o_proj", FIXUP_NONE },
	{ "blk.*.post_attention_norm", "layers.*.post_attention_layernorm", FIXUP_ADD_ONE },
	{ "blk.*.ffn_norm", "layers.*.pre_feedforward_layernorm", FIXUP_ADD_ONE },
	{ "blk.*.ffn_gate", "layers.*.mlp.gate_proj", FIXUP_NONE },
	{ "blk.*.ffn_up", "layers.*.mlp.up_proj", FIXUP_NONE },
	{ "blk.*.ffn_down", "layers.*.mlp.down_proj", FIXUP_NONE },
	{ "blk.*.post_ffw_norm", "layers.*.post_feedforward_layernorm", FIXUP_ADD_ONE },
	{ NULL, NULL, FIXUP_NONE },
};

static const struct tensor_name gpt2_names[] = {
	{ "token_embd", "wte", FIXUP_NONE },
	{ "position_embd", "wpe", FIXUP_NONE },
	{ "output_norm", "ln_f", FIXUP_NONE },
	{ "output", "lm_head", FIXUP_NONE },
	{ "blk.*.attn_norm", "h.*.ln_1", FIXUP_NONE },
	{ "blk.*.attn_qkv", "h.*.attn.c_attn", FIXUP_TRANSPOSE },
	{ "blk.*.attn_output", "h.*.attn.c_proj", FIXUP_TRANSPOSE },
	{ "blk.*.ffn_norm", "h.*.ln_2", FIXUP_NONE },
	{ "blk.*.ffn_up", "h.*.mlp.c_fc", FIXUP_TRANSPOSE },
	{ "blk.*.ffn_down", "h.*.mlp.c_proj", FIXUP_TRANSPOSE },
	{ NULL, "h.*.attn", FIXUP_NONE }, /* .bias: the causal mask */
	{ NULL, "h.*.attn.masked_bias", FIXUP_NONE },
	{ NULL, NULL, FIXUP_NONE },
};

static const struct tensor_name bloom_names[] = {
	{ "token_embd", "word_embeddings", FIXUP_NONE },
	{ "token_embd_norm", "word_embeddings_layernorm", FIXUP_NONE },
	{ "output_norm", "ln_f", FIXUP_NONE },
	{ "output", "lm_head", FIXUP_NONE },
	{ "blk.*.attn_norm", "h.*.input_layernorm", FIXUP_NONE },
	{ "blk.*.attn_qkv", "h.*.self_attention.query_key_value", FIXUP_SPLIT_HEADS },
	{ "blk.*.attn_output", "h.*.self_attention.dense", FIXUP_NONE },
	{ "blk.*.ffn_norm", "h.*.post_attention_layernorm", FIXUP_NONE },
	{ "blk.*.ffn_up", "h.*.mlp.dense_h_to_4h", FIXUP_NONE },
	{ "blk.*.ffn_down", "h.*.mlp.dense_4h_to_h", FIXUP_NONE },
	{ NULL, NULL, FIXUP_NONE },
};

static const struct tensor_name mpt_names[] = {
	{ "token_embd", "wte", FIXUP_NONE },
	{ "position_embd", "wpe", FIXUP_NONE },
	{ "output_norm", "norm_f", FIXUP_NONE },
	{ "output", "lm_head", FIXUP_NONE },
	{ "blk.*.attn_norm", "blocks.*.norm_1", FIXUP_NONE },
	{ "blk.*.attn_qkv", "blocks.*.attn.Wqkv", FIXUP_NONE },
	{ "blk.*.attn_q_norm", "blocks.*.attn.q_ln", FIXUP_NONE },
	{ "blk.*.attn_k_norm", "blocks.*.attn.k_ln", FIXUP_NONE },
	{ "blk.*.attn_output", "blocks.*.attn.out_proj", FIXUP_NONE },
	{ "blk.*.ffn_norm", "blocks.*.norm_2", FIXUP_NONE },
	{ "blk.*.ffn_up", "blocks.*.ffn.up_proj", FIXUP_NONE },
	{ "blk.*.ffn_down", "blocks.*.ffn.down_proj", FIXUP_NONE },
	{ NULL, NULL, FIXUP_NONE },
};

static const struct tensor_name opt_names[] = {
	{ "token_embd", "embed_tokens", FIXUP_NONE },
	{ "position_embd", "embed_positions", FIXUP_SKIP_TWO_ROWS },
	{ "project_in", "project_in", FIXUP_NONE },
	{ "project_out", "project_out", FIXUP_NONE },
	{ "output_norm", "final_layer_norm", FIXUP_NONE },
	{ "output", "lm_head", FIXUP_NONE },
	{ "blk.*.attn_norm", "layers.*.self_attn_layer_norm", FIXUP_NONE },
	{ "blk.*.attn_q", "layers.*.self_attn.q_proj", FIXUP_NONE },
	{ "blk.*.attn_k", "layers.*.self_attn.k_proj", FIXUP_NONE },
	{ "blk.*.attn_v", "layers.*.self_attn.v_proj", FIXUP_NONE },
	{ "blk.*.attn_output", "layers.*.self_attn.out_proj", FIXUP_NONE },
	{ "blk.*.ffn_norm", "layers.*.final_layer_norm", FIXUP_NONE },
	{ "blk.*.ffn_up", "layers.*.fc1", FIXUP_NONE },
	{ "blk.*.ffn_down", "layers.*.fc2", FIXUP_NONE },
	{ NULL, NULL, FIXUP_NONE },
};

static const char layer_norm_biases[] = "attn_norm.bias attn_qkv.bias attn_output.bias "
					"ffn_norm.bias ffn_up.bias ffn_down.bias";

/* Frequencies that old converters kept, which follow from rope.freq_base. */
#define ROTARY "rope_freqs.weight blk.*.attn_rot_embd.weight"
static const char rotary_leftovers[] = ROTARY;
/* The head of rerankers, beside that of the language model. */
static const char qwen3_leftovers[] = ROTARY
    " cls.weight cls.bias cls.output.weight cls.output.bias";

static const struct architecture table[] = {
	{ .name = "llama",
	    .norm = NORM_RMS,
	    .positions = POSITIONS_ROPE_INTERLEAVED,
	    .activation = ACTIVATION_SILU,
	    .is_gated = true,
	    .sliding_window_period = 1,
	    .has_mlp_scales = true,
	    .harmless = rotary_leftovers,
	    .hf_classes = "LlamaForCausalLM MistralForCausalLM",
	    .prefixes = "model.",
	    .tensor = llama_names },
	{ .name = "qwen2",
	    .norm = NORM_RMS,
	    .positions = POSITIONS_ROPE_NEOX,
	    .activation = ACTIVATION_SILU,
	    .is_gated = true,
	    .sliding_window_period = 1,
	    .required = "attn_q.bias attn_k.bias attn_v.bias",
	    .harmless = rotary_leftovers,
	    .hf_classes = "Qwen2ForCausalLM",
	    .prefixes = "model.",
	    .tensor = llama_names },
	{ .name = "qwen3",
	    .norm = NORM_RMS,
	    .positions = POSITIONS_ROPE_NEOX,
	    .activation = ACTIVATION_SILU,
	    .is_gated = true,
	    .sliding_window_period = 1,
	    .has_mlp_scales = true,
	    .required = "attn_q_norm.weight attn_k_norm.weight",
	    .harmless = qwen3_leftovers,
	    .hf_classes = "Qwen3ForCausalLM",
	    .prefixes = "model.",
	    .tensor = llama_names },
	{ .name = "gemma2",
	    .norm = NORM_RMS,
	    .positions = POSITIONS_ROPE_NEOX,
	    .activation = ACTIVATION_GELU_TANH,
	    .is_gated = true,
	    .scales_embedding = true,
	    .attn_softcap = 50,
	    .logit_softcap = 30,
	    .sliding_window_period = 2,
	    .required = "post_attention_norm.weight post_ffw_norm.weight",
	    .harmless = rotary_leftovers,
	    .hf_classes = "Gemma2ForCausalLM",
	    .prefixes = "model.",
	    .tensor = gemma2_names,
	    .is_tied = true },
	{ .name = "phi3",
	    .norm = NORM_RMS,
	    .positions = POSITIONS_ROPE_NEOX,
	    .activation = ACTIVATION_SILU,
	    .is_gated = true,
	    .sliding_window_period = 1,
	    .harmless = rotary_leftovers,
	    .hf_classes = "Phi3ForCausalLM",
	    .prefixes = "model.",
	    .tensor = llama_names },
	{ .name = "gpt2",
	    .norm = NORM_LAYER,
	    .positions = POSITIONS_LEARNED,
	    .activation = ACTIVATION_GELU_TANH,
	    .sliding_window_period = 1,
	    .required = layer_norm_biases,
	    .hf_classes = "GPT2LMHeadModel",
	    .prefixes = "transformer.",
	    .tensor = gpt2_names,
	    .is_tied = true },
	{ .name = "bloom",
	    .norm = NORM_LAYER,
	    .positions = POSITIONS_ALIBI,
	    .activation = ACTIVATION_GELU_TANH,
	    .alibi = 8,
	    .sliding_window_period = 1,
	    .required = layer_norm_biases,
	    .hf_classes = "BloomForCausalLM BloomModel",
	    .prefixes = "transformer.",
	    .tensor = bloom_names,
	    .is_tied = true },
	{ .name = "mpt",
	    .norm = NORM_LAYER,
	    .positions = POSITIONS_ALIBI,
	    .activation = ACTIVATION_GELU_ERF,
	    .sliding_window_period = 1,
	    .hf_classes = "MPTForCausalLM MptForCausalLM",
	    .prefixes = "transformer.",
	    .tensor = mpt_names,
	    .is_tied = true },
	{ .name = "baichuan",
	    .norm = NORM_RMS,
	    .positions = POSITIONS_ROPE_INTERLEAVED,
	    .activation = ACTIVATION_SILU,
	    .is_gated = true,
	    .alibi = 8,
	    .sliding_window_period = 1,
	    .harmless = rotary_leftovers,
	    .hf_classes = "BaichuanForCausalLM BaiChuanForCausalLM",
	    .prefixes = "model.",
	    .tensor = llama_names },
	{ .name = "opt",
	    .norm = NORM_LAYER,
	    .positions = POSITIONS_LEARNED,
	    .activation = ACTIVATION_RELU,
	    .sliding_window_period = 1,
	    .hf_classes = "OPTForCausalLM",
	    .prefixes = "model.decoder. decoder.",
	    .tensor = opt_names,
	    .is_tied = true },
};
enum { ROWS = sizeof(table) / sizeof(table[0]) };

const struct architecture *
architecture_by_name(const struct text *name)
{
	for (int i = 0; i < ROWS; i++)
		if (text_is(name, table[i].name))
			return &table[i];
	return NULL;
}

/* Is it one of several words, separated by single spaces? */
static bool
is_among(const char *words, const struct text *word)
{
	for (const char *s = words; *s != '\0'; s += *s == ' ') {
		const struct text w = { s, strcspn(s, " ") };

		if (text_equals(&w, word))
			return true;
		s += w.len;
	}
	return false;
}

const struct architecture *
architecture_by_hf_class(const struct text *name)
{
	for (int i = 0; i < ROWS; i++)
		if (is_among(table[i].hf_classes, name))
			return &table[i];
	return NULL;
}

/* Appends, as far as there is space, so that a longer table only shortens a message. */
static void
append(char *list, size_t size, const char *between, const char *s)
{
	size_t len = strlen(list);

	snprintf(list + len, size - len, "%s%s", len > 0 ? between : "", s);
}

const char *
architecture_list(void)
{
	static char list[512];

	if (list[0] == '\0')
		for (int i = 0; i < ROWS; i++)
			append(list, sizeof(list), ", ", table[i].name);
	return list;
}

const char *
architecture_hf_class_list(void)
{
	static char list[1024];

	if (list[0] == '\0')
		for (int i = 0; i < ROWS; i++)
			append(list, sizeof(list), " ", table[i].hf_classes);
	return list;
}
