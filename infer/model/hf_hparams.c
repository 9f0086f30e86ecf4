#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/model/hf_config.h"
#include "infer/model/hf_hparams.h"

/* Keys that are taken as they are, the first of several names that is there. */
static const struct {
	const char *key, *names;
	bool is_real;
} rows[] = {
	{ "block_count", "num_hidden_layers n_layer n_layers", false },
	{ "embedding_length", "hidden_size n_embd n_embed d_model", false },
	{ "feed_forward_length", "intermediate_size n_inner ffn_dim", false },
	{ "context_length", "max_position_embeddings n_positions n_ctx max_seq_len "
	    "seq_length model_max_length", false },
	{ "attention.head_count", "num_attention_heads n_head n_heads", false },
	{ "attention.head_count_kv", "num_key_value_heads", false },
	{ "attention.key_length", "head_dim", false },
	{ "attention.layer_norm_rms_epsilon", "rms_norm_eps", true },
	{ "attention.layer_norm_epsilon", "layer_norm_epsilon", true },
	{ "attention.clamp_kqv", "attn_config/clip_qkv", true },
	{ "attention.scale", "attn_config/softmax_scale", true },
	{ "rope.freq_base", "rope_parameters/rope_theta rope_theta", true },
	{ "rope.scaling.original_context_length",
	    "rope_parameters/original_max_position_embeddings "
	    "rope_scaling/original_max_position_embeddings "
	    "original_max_position_embeddings", false },
};

/* Settings that must be so if they are there: others would compute otherwise. */
static const struct { const char *name; bool value; } demands[] = {
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
take_rows(const struct folder_config *r)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct json_node n = folder_config_first(r, rows[i].names);
		double x;

		if (!folder_config_is_there(&n))
			continue;
		if (rows[i].is_real && folder_config_real(&n, &x))
			folder_config_put_real(r, rows[i].key, x);
		else if (!rows[i].is_real && n.kind == JSON_INT && n.integer >= 0)
			folder_config_put_natural(r, rows[i].key, (uint64_t)n.integer);
		else
			return folder_config_wrong(r, rows[i].names, rows[i].is_real
			    ? "expected a number" : "expected a natural number");
	}
	return 0;
}

static int
check_demands(const struct folder_config *r)
{
	struct json_node n = folder_config_named(r, "quantization_config");

	if (folder_config_is_there(&n))
		return folder_config_wrong(r, "quantization_config", "tensors that are quantised in "
		    "a folder are not understood; take the model as it was before, or as "
		    "GGUF");
	for (size_t i = 0; i < sizeof(demands) / sizeof(demands[0]); i++) {
		n = folder_config_named(r, demands[i].name);
		if (n.kind == JSON_BOOL && n.truth != demands[i].value)
			return folder_config_wrong(r, demands[i].name, demands[i].value
			    ? "it is false, and only true is understood"
			    : "it is true, and only false is understood");
	}
	return 0;
}

static int
check_activation(const struct folder_config *r)
{
	static const char *const names[] = {
		[ACTIVATION_SILU] = "silu swish",
		[ACTIVATION_GELU_TANH] = "gelu_new gelu_pytorch_tanh gelu_fast",
		[ACTIVATION_GELU_ERF] = "gelu", [ACTIVATION_RELU] = "relu" };
	struct json_node n = folder_config_first(r, "hidden_activation hidden_act "
	    "activation_function");
	const char *s = names[r->architecture->activation];
	size_t len;

	if (n.kind != JSON_TEXT)
		return 0;
	for (; *s != '\0'; s += len + (s[len] == ' ')) {
		len = strcspn(s, " ");
		if (len == n.text.len && memcmp(s, n.text.ptr, len) == 0)
			return 0;
	}
	return fault_stop(r->fault, "%s: the activation %.*s is not what %s has (%s)",
	    r->path, (int)(n.text.len < 32 ? n.text.len : 32), n.text.ptr,
	    r->architecture->name, names[r->architecture->activation]);
}

/* A window that config.json may leave to the class's default, or switch off. */
static int
take_window(const struct folder_config *r, const struct json_node *class)
{
	struct json_node n = folder_config_named(r, "sliding_window");
	struct json_node use = folder_config_named(r, "use_sliding_window");
	struct json_node from = folder_config_named(r, "max_window_layers");
	bool is_qwen = strncmp(r->architecture->name, "qwen", 4) == 0;
	bool has_default = folder_config_is_text(class, "MistralForCausalLM")
	    || folder_config_is_text(class, "Gemma2ForCausalLM");

	if (is_qwen && !(use.kind == JSON_BOOL && use.truth))
		return 0;
	if (is_qwen && from.kind == JSON_INT && from.integer >= 0)
		folder_config_put_natural(r, "attention.sliding_window_from", (uint64_t)from.integer);
	if (n.kind == JSON_ABSENT && has_default)
		folder_config_put_natural(r, "attention.sliding_window", 4096);
	else if (n.kind == JSON_INT && n.integer > 0)
		folder_config_put_natural(r, "attention.sliding_window", (uint64_t)n.integer);
	else if (folder_config_is_there(&n))
		return folder_config_wrong(r, "sliding_window", "expected a natural number");
	return 0;
}

/* Soft caps: a number, null for none, or left to the class. */
static void
take_caps(const struct folder_config *r)
{
	static const char *const names[] = { "attn_logit_softcapping",
		"final_logit_softcapping" };

	for (int i = 0; i < 2; i++) {
		struct json_node n = folder_config_named(r, names[i]);
		double x;

		if (n.kind == JSON_NULL || folder_config_real(&n, &x))
			folder_config_put_real(r, names[i], n.kind == JSON_NULL ? 0 : x);
	}
}

static void
take_gemma(const struct folder_config *r)
{
	struct json_node head = folder_config_named(r, "head_dim");

	take_caps(r);
	if (!folder_config_is_there(&head))
		folder_config_put_natural(r, "attention.key_length", 256);
	folder_config_put_real(r, "attention.scale",
	    1 / sqrt(fmax(1, folder_config_real_or(r->config, "/query_pre_attn_scalar", 256))));
}

static int
take_mpt(const struct folder_config *r)
{
	struct json_node alibi = folder_config_named(r, "attn_config/alibi");
	struct json_node norm = folder_config_named(r, "norm_type");

	if (norm.kind == JSON_TEXT && !folder_config_is_text(&norm, "low_precision_layernorm")
	    && !folder_config_is_text(&norm, "layernorm"))
		return folder_config_wrong(r, "norm_type", "only layernorm and "
		    "low_precision_layernorm are understood");
	/* the class's own default is no ALiBi in one library, ALiBi in the other */
	folder_config_put_real(r, "attention.max_alibi_bias",
	    alibi.kind == JSON_BOOL && !alibi.truth ? 0 : folder_config_real_or(r->config, "/attn_config/alibi_bias_max", 8));
	return 0;
}

static void
take_opt(const struct folder_config *r)
{
	struct json_node before = folder_config_named(r, "do_layer_norm_before");
	unsigned char is_after = before.kind == JSON_BOOL && !before.truth;

	folder_config_put(r, "is_normed_after", DIRECTORY_BOOL, &is_after, 1);
}

/* The inner size of an MLP where it is told as a multiple. */
static void
put_multiple(const struct folder_config *r, double times)
{
	struct json_node inner = folder_config_first(r, "intermediate_size n_inner ffn_dim");
	struct json_node width = folder_config_first(r, "hidden_size n_embd n_embed d_model");

	if (!folder_config_is_there(&inner) && width.kind == JSON_INT
	    && width.integer > 0 && times > 0 && times < 1e6)
		folder_config_put_natural(r, "feed_forward_length",
		    (uint64_t)(times * (double)width.integer));
}

static int
take_family(const struct folder_config *r)
{
	const char *name = r->architecture->name;
	struct json_node epsilon = folder_config_named(r, "rms_norm_eps");
	struct json_node head = folder_config_named(r, "head_dim");

	if (r->architecture->norm == NORM_RMS && !folder_config_is_there(&epsilon))
		folder_config_put_real(r, "attention.layer_norm_rms_epsilon", 1e-6);
	if (strcmp(name, "qwen3") == 0 && !folder_config_is_there(&head))
		folder_config_put_natural(r, "attention.key_length", 128);
	if (r->architecture->norm == NORM_LAYER)
		put_multiple(r, folder_config_real_or(r->config, "/expansion_ratio", 4));
	if (strcmp(name, "gemma2") == 0)
		take_gemma(r);
	if (strcmp(name, "opt") == 0)
		take_opt(r);
	return strcmp(name, "mpt") == 0 ? take_mpt(r) : 0;
}

static int
take_class(struct folder_config *r, struct json_node *class)
{
	const char *s;
	size_t len;

	*class = folder_config_named(r, "architectures/0");
	if (class->kind != JSON_TEXT)
		return fault_stop(r->fault, "%s: /architectures: expected the name of the "
		    "model's class", r->path);
	s = class->text.ptr;
	len = class->text.len;
	r->architecture = architecture_of_class(s, len);
	if (r->architecture == NULL)
		return fault_stop(r->fault, "%s: the class %.*s is not known; known are %s",
		    r->path, (int)(len < 48 ? len : 48), s, architecture_class_list());
	folder_config_put_text(r->d, "general.architecture", r->architecture->name,
	    strlen(r->architecture->name), r->arena);
	return 0;
}

int
folder_settings(struct directory *d, const struct json_node *config,
    const char *path, const struct architecture **architecture, bool *is_tied,
    struct arena *a, struct fault *f)
{
	struct folder_config r = { .d = d, .config = config, .path = path, .arena = a,
		.fault = f };
	struct json_node tied, class, name = { .kind = JSON_ABSENT };

	d->key = arena_get(a, FOLDER_CONFIG_KEYS * sizeof(*d->key));
	if (config->kind != JSON_MAP)
		return fault_stop(f, "%s: expected a map", path);
	if (take_class(&r, &class) < 0 || check_demands(&r) < 0
	    || check_activation(&r) < 0 || take_rows(&r) < 0 || take_family(&r) < 0
	    || take_window(&r, &class) < 0 || folder_config_scaling(&r) < 0)
		return -2;
	name = folder_config_named(&r, "_name_or_path");
	if (name.kind == JSON_TEXT && name.text.len > 0)
		folder_config_put_text(d, "general.name", name.text.ptr, name.text.len, a);
	tied = folder_config_named(&r, "tie_word_embeddings");
	*architecture = r.architecture;
	*is_tied = tied.kind == JSON_BOOL ? tied.truth : r.architecture->is_tied;
	return 0;
}
