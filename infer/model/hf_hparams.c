#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/model/hf_config.h"
#include "infer/model/hf_hparams.h"

/* Settings copied as they are, from the first of several names that is set. */
static const struct {
	const char *key, *names;
	bool is_real;
} copied[] = {
	{ "block_count", "num_hidden_layers n_layer n_layers", false },
	{ "embedding_length", "hidden_size n_embd n_embed d_model", false },
	{ "feed_forward_length", "intermediate_size n_inner ffn_dim", false },
	{ "context_length",
	    "max_position_embeddings n_positions n_ctx max_seq_len "
	    "seq_length model_max_length",
	    false },
	{ "attention.head_count", "num_attention_heads n_head n_heads", false },
	{ "attention.head_count_kv", "num_key_value_heads", false },
	{ "attention.key_length", "head_dim", false },
	{ "attention.layer_norm_rms_epsilon", "rms_norm_eps", true },
	{ "attention.layer_norm_epsilon", "layer_norm_epsilon", true },
	{ "attention.clamp_kqv", "attn_config/clip_qkv", true },
	{ "attention.scale", "attn_config/softmax_scale", true },
};

/* Booleans that must have this value if they are set. */
static const struct {
	const char *name;
	bool value;
} required[] = {
	{ "apply_residual_connection_post_layernorm", false },
	{ "scale_attn_by_inverse_layer_idx", false },
	{ "scale_attn_weights", true },
	{ "add_cross_attention", false },
	{ "enable_bias", true },
	{ "layer_norm_elementwise_affine", true },
	{ "attn_config/prefix_lm", false },
	{ "attn_config/rope", false },
};

static int
copy_settings(const struct hf_config *c)
{
	for (size_t i = 0; i < sizeof(copied) / sizeof(copied[0]); i++) {
		struct json_node n = hf_config_first(c, copied[i].names);
		double x;

		if (!hf_config_is_set(&n))
			continue;
		if (copied[i].is_real && hf_config_double(&n, &x))
			hf_config_put_double(c, copied[i].key, x);
		else if (!copied[i].is_real && n.kind == JSON_INT && n.integer >= 0)
			hf_config_put_uint(c, copied[i].key, (uint64_t)n.integer);
		else
			return hf_config_fail(c, copied[i].names,
			    copied[i].is_real ? "expected a number" : "expected a natural number");
	}
	return 0;
}

static int
check_required(const struct hf_config *c)
{
	struct json_node n = hf_config_at(c, "quantization_config");

	if (hf_config_is_set(&n))
		return hf_config_fail(c, "quantization_config",
		    "quantised tensors in a "
		    "folder are not supported; use the original model, or a GGUF file");
	for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++) {
		n = hf_config_at(c, required[i].name);
		if (n.kind == JSON_BOOL && n.truth != required[i].value)
			return hf_config_fail(c, required[i].name,
			    required[i].value ? "only true is supported"
					      : "only false is supported");
	}
	return 0;
}

static int
check_activation(const struct hf_config *c)
{
	static const char *const names[] = { [ACTIVATION_SILU] = "silu swish",
		[ACTIVATION_GELU_TANH] = "gelu_new gelu_pytorch_tanh gelu_fast",
		[ACTIVATION_GELU_ERF] = "gelu",
		[ACTIVATION_RELU] = "relu" };
	struct json_node n = hf_config_first(c,
	    "hidden_activation hidden_act "
	    "activation_function");
	const char *s = names[c->architecture->activation];
	size_t len;

	if (n.kind != JSON_TEXT)
		return 0;
	for (; *s != '\0'; s += len + (s[len] == ' ')) {
		len = strcspn(s, " ");
		if (len == n.text.len && memcmp(s, n.text.ptr, len) == 0)
			return 0;
	}
	return fault_stop(c->fault, "%s: the activation %.*s is not that of %s (%s)", c->path,
	    (int)(n.text.len < 32 ? n.text.len : 32), n.text.ptr, c->architecture->name,
	    names[c->architecture->activation]);
}

/* The sliding window, which config.json may leave to the default of the class, or
 * switch off. */
static int
read_window(const struct hf_config *c, const struct json_node *class)
{
	struct json_node n = hf_config_at(c, "sliding_window");
	struct json_node use = hf_config_at(c, "use_sliding_window");
	struct json_node from = hf_config_at(c, "max_window_layers");
	bool is_qwen = strncmp(c->architecture->name, "qwen", 4) == 0;
	bool has_default = json_is_string(class, "MistralForCausalLM")
	    || json_is_string(class, "Gemma2ForCausalLM");

	if (is_qwen && !(use.kind == JSON_BOOL && use.truth))
		return 0;
	if (is_qwen && from.kind == JSON_INT && from.integer >= 0)
		hf_config_put_uint(c, "attention.sliding_window_from", (uint64_t)from.integer);
	if (n.kind == JSON_ABSENT && has_default)
		hf_config_put_uint(c, "attention.sliding_window", 4096);
	else if (n.kind == JSON_INT && n.integer > 0)
		hf_config_put_uint(c, "attention.sliding_window", (uint64_t)n.integer);
	else if (hf_config_is_set(&n))
		return hf_config_fail(c, "sliding_window", "expected a natural number");
	return 0;
}

/* layer_types says of each layer whether it has the window. */
static int
read_layer_types(const struct hf_config *c)
{
	struct json_node list = hf_config_at(c, "layer_types"), type;
	const size_t n = json_count(&list);
	unsigned char *has_window = arena_alloc(c->arena, n + 1);
	struct json_walk w;
	size_t i = 0;

	if (list.kind != JSON_LIST)
		return 0;
	json_walk_begin(&w, &list);
	while (json_walk_next(&w, NULL, &type)) {
		has_window[i++] = json_is_string(&type, "sliding_attention");
		if (!has_window[i - 1] && !json_is_string(&type, "full_attention"))
			return hf_config_fail(c, "layer_types",
			    "only full_attention and sliding_attention are supported");
	}
	hf_config_put_list(c, "attention.sliding_window_pattern", MODEL_FILE_BOOL, has_window, n);
	return 0;
}

/* Soft caps of logits: a number, or null for none; absent means the default of the
 * architecture. */
static void
read_caps(const struct hf_config *c)
{
	static const char *const names[] = { "attn_logit_softcapping", "final_logit_softcapping" };

	for (int i = 0; i < 2; i++) {
		struct json_node n = hf_config_at(c, names[i]);
		double x;

		if (n.kind == JSON_NULL || hf_config_double(&n, &x))
			hf_config_put_double(c, names[i], n.kind == JSON_NULL ? 0 : x);
	}
}

static void
read_gemma(const struct hf_config *c)
{
	struct json_node head = hf_config_at(c, "head_dim");

	read_caps(c);
	if (!hf_config_is_set(&head))
		hf_config_put_uint(c, "attention.key_length", 256);
	hf_config_put_double(c, "attention.scale",
	    1 / sqrt(fmax(1, hf_config_double_or(c->config, "/query_pre_attn_scalar", 256))));
}

static int
read_mpt(const struct hf_config *c)
{
	struct json_node alibi = hf_config_at(c, "attn_config/alibi");
	struct json_node norm = hf_config_at(c, "norm_type");

	if (norm.kind == JSON_TEXT && !json_is_string(&norm, "low_precision_layernorm")
	    && !json_is_string(&norm, "layernorm"))
		return hf_config_fail(c, "norm_type",
		    "only layernorm and "
		    "low_precision_layernorm are supported");
	/* MPTConfig of llm-foundry defaults to no ALiBi, that of transformers to ALiBi */
	hf_config_put_double(c, "attention.max_alibi_bias",
	    alibi.kind == JSON_BOOL && !alibi.truth
		? 0
		: hf_config_double_or(c->config, "/attn_config/alibi_bias_max", 8));
	return 0;
}

static void
read_opt(const struct hf_config *c)
{
	struct json_node before = hf_config_at(c, "do_layer_norm_before");
	unsigned char is_after = before.kind == JSON_BOOL && !before.truth;

	hf_config_put(c, "is_normed_after", MODEL_FILE_BOOL, &is_after, 1);
}

/* The hidden size of an MLP that is given as a multiple of the width. */
static void
put_mlp_multiple(const struct hf_config *c, double times)
{
	struct json_node inner = hf_config_first(c, "intermediate_size n_inner ffn_dim");
	struct json_node width = hf_config_first(c, "hidden_size n_embd n_embed d_model");

	if (!hf_config_is_set(&inner) && width.kind == JSON_INT && width.integer > 0 && times > 0
	    && times < 1e6)
		hf_config_put_uint(c, "feed_forward_length",
		    (uint64_t)(times * (double)width.integer));
}

static int
read_family(const struct hf_config *c)
{
	const char *name = c->architecture->name;
	struct json_node epsilon = hf_config_at(c, "rms_norm_eps");
	struct json_node head = hf_config_at(c, "head_dim");

	if (c->architecture->norm == NORM_RMS && !hf_config_is_set(&epsilon))
		hf_config_put_double(c, "attention.layer_norm_rms_epsilon", 1e-6);
	if (strcmp(name, "qwen3") == 0 && !hf_config_is_set(&head))
		hf_config_put_uint(c, "attention.key_length", 128);
	if (c->architecture->norm == NORM_LAYER)
		put_mlp_multiple(c, hf_config_double_or(c->config, "/expansion_ratio", 4));
	if (strcmp(name, "gemma2") == 0)
		read_gemma(c);
	if (strcmp(name, "opt") == 0)
		read_opt(c);
	return strcmp(name, "mpt") == 0 ? read_mpt(c) : 0;
}

static int
read_class(struct hf_config *c, struct json_node *class)
{
	struct text name;

	*class = hf_config_at(c, "architectures/0");
	if (class->kind != JSON_TEXT)
		return fault_stop(c->fault,
		    "%s: /architectures: expected the name of the "
		    "model's class",
		    c->path);
	name = (struct text){ class->text.ptr, class->text.len };
	c->architecture = architecture_by_hf_class(&name);
	if (c->architecture == NULL)
		return fault_stop(c->fault, "%s: the class %.*s is not known; known are %s",
		    c->path, (int)(name.len < 48 ? name.len : 48), name.ptr,
		    architecture_hf_class_list());
	hf_config_put_string(c->mf, "general.architecture", c->architecture->name,
	    strlen(c->architecture->name), c->arena);
	return 0;
}

int
hf_hparams_read(struct model_file *mf, const struct json_node *config, const char *path,
    const struct architecture **architecture, bool *is_tied, struct arena *a, struct fault *f)
{
	struct hf_config c = { .mf = mf, .config = config, .path = path, .arena = a, .fault = f };
	struct json_node tied, class, name = { .kind = JSON_ABSENT };

	mf->key = arena_alloc(a, HF_CONFIG_KEYS_MAX * sizeof(*mf->key));
	if (config->kind != JSON_MAP)
		return fault_stop(f, "%s: expected a map", path);
	if (read_class(&c, &class) < 0 || check_required(&c) < 0 || check_activation(&c) < 0
	    || copy_settings(&c) < 0 || read_family(&c) < 0 || read_window(&c, &class) < 0
	    || read_layer_types(&c) < 0 || hf_rope_scaling_read(&c) < 0)
		return -2;
	name = hf_config_at(&c, "_name_or_path");
	if (name.kind == JSON_TEXT && name.text.len > 0)
		hf_config_put_string(mf, "general.name", name.text.ptr, name.text.len, a);
	tied = hf_config_at(&c, "tie_word_embeddings");
	*architecture = c.architecture;
	*is_tied = tied.kind == JSON_BOOL ? tied.truth : c.architecture->is_tied;
	return 0;
}
