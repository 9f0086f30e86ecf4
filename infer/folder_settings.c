#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/folder_settings.h"
#include "lib/buf.h"

enum { KEYS_MAX = 64, NAME = 96, FACTORS_MAX = 512 };

/* A configuration while it is read. */
struct reading {
	struct directory *d;
	const struct json_node *config;
	const char *path;
	const struct architecture *architecture;
	struct arena *arena;
	struct fault *fault;
};

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

static struct json_node
at(const struct reading *r, const char *name, size_t len)
{
	char pointer[NAME];

	snprintf(pointer, sizeof(pointer), "/%.*s", (int)len, name);
	return json_at(r->config, pointer);
}

static struct json_node
named(const struct reading *r, const char *name)
{
	return at(r, name, strlen(name));
}

static bool
is_there(const struct json_node *n)
{
	return n->kind != JSON_ABSENT && n->kind != JSON_NULL;
}

static bool
is_text(const struct json_node *n, const char *s)
{
	return n->kind == JSON_TEXT && n->text.len == strlen(s)
	    && memcmp(n->text.ptr, s, n->text.len) == 0;
}

/* The first of the names that is there, or JSON_ABSENT. */
static struct json_node
first_of(const struct reading *r, const char *names)
{
	struct json_node n = { .kind = JSON_ABSENT };

	for (const char *s = names; *s != '\0' && !is_there(&n); s += *s == ' ') {
		size_t len = strcspn(s, " ");

		n = at(r, s, len);
		s += len;
	}
	return n;
}

static bool
real(const struct json_node *n, double *out)
{
	*out = n->kind == JSON_INT ? (double)n->integer
	    : n->kind == JSON_REAL ? n->real : 0;
	return (n->kind == JSON_INT || n->kind == JSON_REAL) && isfinite(*out);
}

static double
real_or(const struct json_node *of, const char *pointer, double other)
{
	struct json_node n = json_at(of, pointer);
	double x;

	return real(&n, &x) ? x : other;
}

static void
put_named(struct directory *d, const char *name, enum directory_type type,
    const void *data, size_t len, struct arena *a)
{
	struct directory_key *k;

	if (d->keys == KEYS_MAX)
		return;
	k = &d->key[d->keys++];
	k->name = (struct directory_text){ arena_dup(a, name, strlen(name)), strlen(name) };
	k->type = type;
	k->count = 1;
	k->data = (const unsigned char *)arena_dup(a, data, len);
	k->end = k->data + len;
}

/* A key of the architecture's. */
static void
put(const struct reading *r, const char *key, enum directory_type type,
    const void *data, size_t len)
{
	char name[NAME];

	snprintf(name, sizeof(name), "%s.%s", r->architecture->name, key);
	put_named(r->d, name, type, data, len, r->arena);
}

void
folder_settings_put(struct directory *d, const char *key, const char *s,
    size_t len, struct arena *a)
{
	struct buf b = { 0 };

	for (int i = 0; i < 8; i++)
		buf_add_byte(&b, (char)((uint64_t)len >> 8 * i));
	buf_add(&b, s, len);
	put_named(d, key, DIRECTORY_STRING, b.data, b.len, a);
	buf_release(&b);
}

static void
put_natural(const struct reading *r, const char *key, uint64_t n)
{
	unsigned char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(n >> 8 * i);
	put(r, key, DIRECTORY_U64, bytes, sizeof(bytes));
}

static void
put_real(const struct reading *r, const char *key, double x)
{
	put(r, key, DIRECTORY_F64, &x, sizeof(x));
}

static int
wrong(const struct reading *r, const char *name, const char *what)
{
	return fault_stop(r->fault, "%s: /%.*s: %s", r->path, (int)strcspn(name, " "),
	    name, what);
}

static int
take_rows(const struct reading *r)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct json_node n = first_of(r, rows[i].names);
		double x;

		if (!is_there(&n))
			continue;
		if (rows[i].is_real && real(&n, &x))
			put_real(r, rows[i].key, x);
		else if (!rows[i].is_real && n.kind == JSON_INT && n.integer >= 0)
			put_natural(r, rows[i].key, (uint64_t)n.integer);
		else
			return wrong(r, rows[i].names, rows[i].is_real
			    ? "expected a number" : "expected a natural number");
	}
	return 0;
}

static int
check_demands(const struct reading *r)
{
	struct json_node n = named(r, "quantization_config");

	if (is_there(&n))
		return wrong(r, "quantization_config", "tensors that are quantised in "
		    "a folder are not understood; take the model as it was before, or as "
		    "GGUF");
	for (size_t i = 0; i < sizeof(demands) / sizeof(demands[0]); i++) {
		n = named(r, demands[i].name);
		if (n.kind == JSON_BOOL && n.truth != demands[i].value)
			return wrong(r, demands[i].name, demands[i].value
			    ? "it is false, and only true is understood"
			    : "it is true, and only false is understood");
	}
	return 0;
}

static int
check_activation(const struct reading *r)
{
	static const char *const names[] = {
		[ACTIVATION_SILU] = "silu swish",
		[ACTIVATION_GELU_TANH] = "gelu_new gelu_pytorch_tanh gelu_fast",
		[ACTIVATION_GELU_ERF] = "gelu", [ACTIVATION_RELU] = "relu" };
	struct json_node n = first_of(r, "hidden_activation hidden_act "
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

/* Factors of the frequencies, for short or long texts, as the tensor that GGUF has
 * for them. */
static int
put_factors(const struct reading *r, const struct json_node *list, const char *name)
{
	struct directory_tensor *t = &r->d->tensor[r->d->tensors];
	struct json_node member;
	struct json_walk w;
	float *x = arena_get(r->arena, FACTORS_MAX * sizeof(*x));
	size_t n = 0;
	double value;

	json_walk_begin(&w, list);
	while (json_walk_next(&w, NULL, &member)) {
		if (n == FACTORS_MAX || !real(&member, &value) || value <= 0)
			return wrong(r, "rope_scaling", "factors are up to 512 positive numbers");
		x[n++] = (float)value;
	}
	if (n == 0)
		return wrong(r, "rope_scaling", "long_factor or short_factor is missing");
	*t = (struct directory_tensor){ .name = { name, strlen(name) },
		.type = tensor_type_named("F32"), .dimension = { n, 1, 1, 1 },
		.dimensions = 1, .data = x, .bytes = n * sizeof(*x) };
	r->d->tensors++;
	return 0;
}

/* Phi-3: both sets of factors, and a magnitude that grows with the context. */
static int
put_longrope(const struct reading *r, const struct json_node *scaling)
{
	struct json_node shorter = json_at(scaling, "/short_factor");
	struct json_node longer = json_at(scaling, "/long_factor");
	double context = real_or(r->config, "/max_position_embeddings", 0);
	double original = real_or(r->config, "/original_max_position_embeddings",
	    real_or(scaling, "/original_max_position_embeddings", context));
	double factor = real_or(scaling, "/factor", original > 0 ? context / original : 1);
	double magnitude = factor > 1 && original > 1
	    ? sqrt(1 + log(factor) / log(original)) : 1;

	put_real(r, "rope.scaling.attn_factor",
	    real_or(scaling, "/attention_factor", magnitude));
	if (put_factors(r, &shorter, "rope_factors_short.weight") < 0)
		return -2;
	return put_factors(r, &longer, "rope_factors_long.weight");
}

/* How much a model that looks further back sharpens its attention (Peng et al.
 * 2023, equation 22). */
static double
sharpness(double factor, double by)
{
	return factor > 1 ? 0.1 * by * log(factor) + 1 : 1;
}

/* GGUF's factor is by what the usual one is multiplied. */
static void
put_yarn(const struct reading *r, const struct json_node *s, double factor)
{
	double all = real_or(s, "/mscale_all_dim", 0), some = real_or(s, "/mscale", 0);
	double usual = sharpness(factor, 1), magnitude = usual;

	if (all > 0 && some > 0)
		magnitude = sharpness(factor, some) / sharpness(factor, all);
	magnitude = real_or(s, "/attention_factor", magnitude);
	put_real(r, "rope.scaling.attn_factor", magnitude / usual);
	put_real(r, "rope.scaling.yarn_beta_fast", real_or(s, "/beta_fast", 32));
	put_real(r, "rope.scaling.yarn_beta_slow", real_or(s, "/beta_slow", 1));
}

static int
take_scaling(const struct reading *r)
{
	struct json_node s = first_of(r, "rope_parameters rope_scaling"), how;
	double factor, partial = real_or(r->config, "/partial_rotary_factor", 1);
	char key[NAME];

	if (partial > 0 && partial < 1)
		put_real(r, "rope.partial", partial);
	if (s.kind != JSON_MAP)
		return 0;
	how = json_at(&s, "/rope_type");
	how = how.kind == JSON_TEXT ? how : json_at(&s, "/type");
	/* what dynamic does begins behind the context */
	if (how.kind != JSON_TEXT || is_text(&how, "default") || is_text(&how, "dynamic"))
		return 0;
	if (is_text(&how, "longrope") || is_text(&how, "su"))
		return put_longrope(r, &s);
	factor = real_or(&s, "/factor", 1);
	snprintf(key, sizeof(key), "%s.rope.scaling.type", r->architecture->name);
	folder_settings_put(r->d, key, how.text.ptr, how.text.len, r->arena);
	put_real(r, "rope.scaling.factor", factor);
	put_real(r, "rope.scaling.low_freq_factor", real_or(&s, "/low_freq_factor", 1));
	put_real(r, "rope.scaling.high_freq_factor", real_or(&s, "/high_freq_factor", 4));
	if (is_text(&how, "yarn"))
		put_yarn(r, &s, factor);
	return 0;
}

/* A window that config.json may leave to the class's default, or switch off. */
static int
take_window(const struct reading *r, const struct json_node *class)
{
	struct json_node n = named(r, "sliding_window");
	struct json_node use = named(r, "use_sliding_window");
	struct json_node from = named(r, "max_window_layers");
	bool is_qwen = strncmp(r->architecture->name, "qwen", 4) == 0;
	bool has_default = is_text(class, "MistralForCausalLM")
	    || is_text(class, "Gemma2ForCausalLM");

	if (is_qwen && !(use.kind == JSON_BOOL && use.truth))
		return 0;
	if (is_qwen && from.kind == JSON_INT && from.integer >= 0)
		put_natural(r, "attention.sliding_window_from", (uint64_t)from.integer);
	if (n.kind == JSON_ABSENT && has_default)
		put_natural(r, "attention.sliding_window", 4096);
	else if (n.kind == JSON_INT && n.integer > 0)
		put_natural(r, "attention.sliding_window", (uint64_t)n.integer);
	else if (is_there(&n))
		return wrong(r, "sliding_window", "expected a natural number");
	return 0;
}

/* Soft caps: a number, null for none, or left to the class. */
static void
take_caps(const struct reading *r)
{
	static const char *const names[] = { "attn_logit_softcapping",
		"final_logit_softcapping" };

	for (int i = 0; i < 2; i++) {
		struct json_node n = named(r, names[i]);
		double x;

		if (n.kind == JSON_NULL || real(&n, &x))
			put_real(r, names[i], n.kind == JSON_NULL ? 0 : x);
	}
}

static void
take_gemma(const struct reading *r)
{
	struct json_node head = named(r, "head_dim");

	take_caps(r);
	if (!is_there(&head))
		put_natural(r, "attention.key_length", 256);
	put_real(r, "attention.scale",
	    1 / sqrt(fmax(1, real_or(r->config, "/query_pre_attn_scalar", 256))));
}

static int
take_mpt(const struct reading *r)
{
	struct json_node alibi = named(r, "attn_config/alibi");
	struct json_node norm = named(r, "norm_type");

	if (norm.kind == JSON_TEXT && !is_text(&norm, "low_precision_layernorm")
	    && !is_text(&norm, "layernorm"))
		return wrong(r, "norm_type", "only layernorm and low_precision_layernorm are "
		    "understood");
	/* the class's own default is no ALiBi in one library, ALiBi in the other */
	put_real(r, "attention.max_alibi_bias", alibi.kind == JSON_BOOL && !alibi.truth
	    ? 0 : real_or(r->config, "/attn_config/alibi_bias_max", 8));
	return 0;
}

static void
take_opt(const struct reading *r)
{
	struct json_node before = named(r, "do_layer_norm_before");
	unsigned char is_after = before.kind == JSON_BOOL && !before.truth;

	put(r, "is_normed_after", DIRECTORY_BOOL, &is_after, 1);
}

/* The inner size of an MLP where it is told as a multiple. */
static void
put_multiple(const struct reading *r, double times)
{
	struct json_node inner = first_of(r, "intermediate_size n_inner ffn_dim");
	struct json_node width = first_of(r, "hidden_size n_embd n_embed d_model");

	if (!is_there(&inner) && width.kind == JSON_INT && width.integer > 0 && times > 0
	    && times < 1e6)
		put_natural(r, "feed_forward_length",
		    (uint64_t)(times * (double)width.integer));
}

static int
take_family(const struct reading *r)
{
	const char *name = r->architecture->name;
	struct json_node epsilon = named(r, "rms_norm_eps");
	struct json_node head = named(r, "head_dim");

	if (r->architecture->norm == NORM_RMS && !is_there(&epsilon))
		put_real(r, "attention.layer_norm_rms_epsilon", 1e-6);
	if (strcmp(name, "qwen3") == 0 && !is_there(&head))
		put_natural(r, "attention.key_length", 128);
	if (r->architecture->norm == NORM_LAYER)
		put_multiple(r, real_or(r->config, "/expansion_ratio", 4));
	if (strcmp(name, "gemma2") == 0)
		take_gemma(r);
	if (strcmp(name, "opt") == 0)
		take_opt(r);
	return strcmp(name, "mpt") == 0 ? take_mpt(r) : 0;
}

static int
take_class(struct reading *r, struct json_node *class)
{
	const char *s;
	size_t len;

	*class = named(r, "architectures/0");
	if (class->kind != JSON_TEXT)
		return fault_stop(r->fault, "%s: /architectures: expected the name of the "
		    "model's class", r->path);
	s = class->text.ptr;
	len = class->text.len;
	r->architecture = architecture_of_class(s, len);
	if (r->architecture == NULL)
		return fault_stop(r->fault, "%s: the class %.*s is not known; known are %s",
		    r->path, (int)(len < 48 ? len : 48), s, architecture_class_list());
	folder_settings_put(r->d, "general.architecture", r->architecture->name,
	    strlen(r->architecture->name), r->arena);
	return 0;
}

int
folder_settings(struct directory *d, const struct json_node *config,
    const char *path, const struct architecture **architecture, bool *is_tied,
    struct arena *a, struct fault *f)
{
	struct reading r = { .d = d, .config = config, .path = path, .arena = a,
		.fault = f };
	struct json_node tied, class, name = { .kind = JSON_ABSENT };

	d->key = arena_get(a, KEYS_MAX * sizeof(*d->key));
	if (config->kind != JSON_MAP)
		return fault_stop(f, "%s: expected a map", path);
	if (take_class(&r, &class) < 0 || check_demands(&r) < 0
	    || check_activation(&r) < 0 || take_rows(&r) < 0 || take_family(&r) < 0
	    || take_window(&r, &class) < 0 || take_scaling(&r) < 0)
		return -2;
	name = named(&r, "_name_or_path");
	if (name.kind == JSON_TEXT && name.text.len > 0)
		folder_settings_put(d, "general.name", name.text.ptr, name.text.len, a);
	tied = named(&r, "tie_word_embeddings");
	*architecture = r.architecture;
	*is_tied = tied.kind == JSON_BOOL ? tied.truth : r.architecture->is_tied;
	return 0;
}
