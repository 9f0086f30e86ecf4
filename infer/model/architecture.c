#include "config.h"

#include <string.h>

#include "infer/model/architecture.h"

static const struct part_name llama_parts[] = {
	{ "token_embd", "embed_tokens", ARRANGED },
	{ "output_norm", "norm", ARRANGED },
	{ "output", "lm_head", ARRANGED },
	{ "blk.*.attn_norm", "layers.*.input_layernorm", ARRANGED },
	{ "blk.*.attn_q", "layers.*.self_attn.q_proj", ARRANGED },
	{ "blk.*.attn_k", "layers.*.self_attn.k_proj", ARRANGED },
	{ "blk.*.attn_v", "layers.*.self_attn.v_proj", ARRANGED },
	{ "blk.*.attn_qkv", "layers.*.self_attn.qkv_proj", ARRANGED },	/* Phi-3 */
	{ "blk.*.attn_qkv", "layers.*.self_attn.W_pack", ARRANGED },	/* Baichuan */
	{ "blk.*.attn_q_norm", "layers.*.self_attn.q_norm", ARRANGED },	/* Qwen3 */
	{ "blk.*.attn_k_norm", "layers.*.self_attn.k_norm", ARRANGED },
	{ "blk.*.attn_output", "layers.*.self_attn.o_proj", ARRANGED },
	{ "blk.*.ffn_norm", "layers.*.post_attention_layernorm", ARRANGED },
	{ "blk.*.ffn_gate", "layers.*.mlp.gate_proj", ARRANGED },
	{ "blk.*.ffn_up", "layers.*.mlp.up_proj", ARRANGED },
	{ "blk.*.ffn_up", "layers.*.mlp.gate_up_proj", ARRANGED },	/* Phi-3 */
	{ "blk.*.ffn_down", "layers.*.mlp.down_proj", ARRANGED },
	{ NULL, "layers.*.self_attn.rotary_emb.inv_freq", ARRANGED },
	{ NULL, NULL, ARRANGED },
};

static const struct part_name gemma2_parts[] = {
	{ "token_embd", "embed_tokens", ARRANGED },
	{ "output_norm", "norm", ARRANGED_LESS_ONE },
	{ "output", "lm_head", ARRANGED },
	{ "blk.*.attn_norm", "layers.*.input_layernorm", ARRANGED_LESS_ONE },
	{ "blk.*.attn_q", "layers.*.self_attn.q_proj", ARRANGED },
	{ "blk.*.attn_k", "layers.*.self_attn.k_proj", ARRANGED },
	{ "blk.*.attn_v", "layers.*.self_attn.v_proj", ARRANGED },
	{ "blk.*.attn_output", "layers.*.self_attn.o_proj", ARRANGED },
	{ "blk.*.post_attention_norm", "layers.*.post_attention_layernorm", ARRANGED_LESS_ONE },
	{ "blk.*.ffn_norm", "layers.*.pre_feedforward_layernorm", ARRANGED_LESS_ONE },
	{ "blk.*.ffn_gate", "layers.*.mlp.gate_proj", ARRANGED },
	{ "blk.*.ffn_up", "layers.*.mlp.up_proj", ARRANGED },
	{ "blk.*.ffn_down", "layers.*.mlp.down_proj", ARRANGED },
	{ "blk.*.post_ffw_norm", "layers.*.post_feedforward_layernorm", ARRANGED_LESS_ONE },
	{ NULL, NULL, ARRANGED },
};

static const struct part_name gpt2_parts[] = {
	{ "token_embd", "wte", ARRANGED },
	{ "position_embd", "wpe", ARRANGED },
	{ "output_norm", "ln_f", ARRANGED },
	{ "output", "lm_head", ARRANGED },
	{ "blk.*.attn_norm", "h.*.ln_1", ARRANGED },
	{ "blk.*.attn_qkv", "h.*.attn.c_attn", ARRANGED_TURNED },
	{ "blk.*.attn_output", "h.*.attn.c_proj", ARRANGED_TURNED },
	{ "blk.*.ffn_norm", "h.*.ln_2", ARRANGED },
	{ "blk.*.ffn_up", "h.*.mlp.c_fc", ARRANGED_TURNED },
	{ "blk.*.ffn_down", "h.*.mlp.c_proj", ARRANGED_TURNED },
	{ NULL, "h.*.attn", ARRANGED },		/* .bias: the mask */
	{ NULL, "h.*.attn.masked_bias", ARRANGED },
	{ NULL, NULL, ARRANGED },
};

static const struct part_name bloom_parts[] = {
	{ "token_embd", "word_embeddings", ARRANGED },
	{ "token_embd_norm", "word_embeddings_layernorm", ARRANGED },
	{ "output_norm", "ln_f", ARRANGED },
	{ "output", "lm_head", ARRANGED },
	{ "blk.*.attn_norm", "h.*.input_layernorm", ARRANGED },
	{ "blk.*.attn_qkv", "h.*.self_attention.query_key_value", ARRANGED_BY_HEADS },
	{ "blk.*.attn_output", "h.*.self_attention.dense", ARRANGED },
	{ "blk.*.ffn_norm", "h.*.post_attention_layernorm", ARRANGED },
	{ "blk.*.ffn_up", "h.*.mlp.dense_h_to_4h", ARRANGED },
	{ "blk.*.ffn_down", "h.*.mlp.dense_4h_to_h", ARRANGED },
	{ NULL, NULL, ARRANGED },
};

static const struct part_name mpt_parts[] = {
	{ "token_embd", "wte", ARRANGED },
	{ "position_embd", "wpe", ARRANGED },
	{ "output_norm", "norm_f", ARRANGED },
	{ "output", "lm_head", ARRANGED },
	{ "blk.*.attn_norm", "blocks.*.norm_1", ARRANGED },
	{ "blk.*.attn_qkv", "blocks.*.attn.Wqkv", ARRANGED },
	{ "blk.*.attn_q_norm", "blocks.*.attn.q_ln", ARRANGED },
	{ "blk.*.attn_k_norm", "blocks.*.attn.k_ln", ARRANGED },
	{ "blk.*.attn_output", "blocks.*.attn.out_proj", ARRANGED },
	{ "blk.*.ffn_norm", "blocks.*.norm_2", ARRANGED },
	{ "blk.*.ffn_up", "blocks.*.ffn.up_proj", ARRANGED },
	{ "blk.*.ffn_down", "blocks.*.ffn.down_proj", ARRANGED },
	{ NULL, NULL, ARRANGED },
};

static const struct part_name opt_parts[] = {
	{ "token_embd", "embed_tokens", ARRANGED },
	{ "position_embd", "embed_positions", ARRANGED_FROM_TWO },
	{ "project_in", "project_in", ARRANGED },
	{ "project_out", "project_out", ARRANGED },
	{ "output_norm", "final_layer_norm", ARRANGED },
	{ "output", "lm_head", ARRANGED },
	{ "blk.*.attn_norm", "layers.*.self_attn_layer_norm", ARRANGED },
	{ "blk.*.attn_q", "layers.*.self_attn.q_proj", ARRANGED },
	{ "blk.*.attn_k", "layers.*.self_attn.k_proj", ARRANGED },
	{ "blk.*.attn_v", "layers.*.self_attn.v_proj", ARRANGED },
	{ "blk.*.attn_output", "layers.*.self_attn.out_proj", ARRANGED },
	{ "blk.*.ffn_norm", "layers.*.final_layer_norm", ARRANGED },
	{ "blk.*.ffn_up", "layers.*.fc1", ARRANGED },
	{ "blk.*.ffn_down", "layers.*.fc2", ARRANGED },
	{ NULL, NULL, ARRANGED },
};

static const struct architecture table[] = {
	{ .name = "llama", .norm = NORM_RMS, .positions = POSITIONS_ROPE_PAIRS,
	    .activation = ACTIVATION_SILU, .is_gated = true, .window_period = 1,
	    .has_mlp_scales = true, .classes = "LlamaForCausalLM MistralForCausalLM",
	    .prefixes = "model.", .part = llama_parts },
	{ .name = "qwen2", .norm = NORM_RMS, .positions = POSITIONS_ROPE_HALVES,
	    .activation = ACTIVATION_SILU, .is_gated = true, .window_period = 1,
	    .classes = "Qwen2ForCausalLM", .prefixes = "model.", .part = llama_parts },
	{ .name = "qwen3", .norm = NORM_RMS, .positions = POSITIONS_ROPE_HALVES,
	    .activation = ACTIVATION_SILU, .is_gated = true, .window_period = 1,
	    .has_mlp_scales = true, .classes = "Qwen3ForCausalLM", .prefixes = "model.",
	    .part = llama_parts },
	{ .name = "gemma2", .norm = NORM_RMS, .positions = POSITIONS_ROPE_HALVES,
	    .activation = ACTIVATION_GELU_TANH, .is_gated = true, .is_scaled = true,
	    .attention_cap = 50, .logit_cap = 30, .window_period = 2,
	    .classes = "Gemma2ForCausalLM", .prefixes = "model.", .part = gemma2_parts,
	    .is_tied = true },
	{ .name = "phi3", .norm = NORM_RMS, .positions = POSITIONS_ROPE_HALVES,
	    .activation = ACTIVATION_SILU, .is_gated = true, .window_period = 1,
	    .classes = "Phi3ForCausalLM", .prefixes = "model.", .part = llama_parts },
	{ .name = "gpt2", .norm = NORM_LAYER, .positions = POSITIONS_LEARNED,
	    .activation = ACTIVATION_GELU_TANH, .window_period = 1,
	    .classes = "GPT2LMHeadModel", .prefixes = "transformer.",
	    .part = gpt2_parts, .is_tied = true },
	{ .name = "bloom", .norm = NORM_LAYER, .positions = POSITIONS_ALIBI,
	    .activation = ACTIVATION_GELU_TANH, .alibi = 8, .window_period = 1,
	    .classes = "BloomForCausalLM BloomModel", .prefixes = "transformer.",
	    .part = bloom_parts, .is_tied = true },
	{ .name = "mpt", .norm = NORM_LAYER, .positions = POSITIONS_ALIBI,
	    .activation = ACTIVATION_GELU_ERF, .window_period = 1,
	    .classes = "MPTForCausalLM MptForCausalLM", .prefixes = "transformer.",
	    .part = mpt_parts, .is_tied = true },
	{ .name = "baichuan", .norm = NORM_RMS, .positions = POSITIONS_ROPE_PAIRS,
	    .activation = ACTIVATION_SILU, .is_gated = true, .alibi = 8,
	    .window_period = 1, .classes = "BaichuanForCausalLM BaiChuanForCausalLM",
	    .prefixes = "model.", .part = llama_parts },
	{ .name = "opt", .norm = NORM_LAYER, .positions = POSITIONS_LEARNED,
	    .activation = ACTIVATION_RELU, .window_period = 1,
	    .classes = "OPTForCausalLM", .prefixes = "model.decoder. decoder.",
	    .part = opt_parts, .is_tied = true },
};
enum { ROWS = sizeof(table) / sizeof(table[0]) };

const struct architecture *
architecture_named(const char *name, size_t len)
{
	for (int i = 0; i < ROWS; i++)
		if (strlen(table[i].name) == len && memcmp(table[i].name, name, len) == 0)
			return &table[i];
	return NULL;
}

/* Is it a word of a text with one blank between words? */
static bool
is_word_of(const char *words, const char *name, size_t len)
{
	for (const char *s = words; *s != '\0'; s += *s == ' ') {
		size_t n = strcspn(s, " ");

		if (n == len && memcmp(s, name, n) == 0)
			return true;
		s += n;
	}
	return false;
}

const struct architecture *
architecture_of_class(const char *name, size_t len)
{
	for (int i = 0; i < ROWS; i++)
		if (is_word_of(table[i].classes, name, len))
			return &table[i];
	return NULL;
}

const char *
architecture_list(void)
{
	static char list[256];

	if (list[0] == '\0')
		for (int i = 0; i < ROWS; i++) {
			strcat(list, i > 0 ? ", " : "");
			strcat(list, table[i].name);
		}
	return list;
}

const char *
architecture_class_list(void)
{
	static char list[512];

	if (list[0] == '\0')
		for (int i = 0; i < ROWS; i++) {
			strcat(list, i > 0 ? " " : "");
			strcat(list, table[i].classes);
		}
	return list;
}
