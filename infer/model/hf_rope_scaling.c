/* hf_rope_scaling.c - reads rope_scaling of a config.json (rope_parameters since Transformers
 * 5) as GGUF keys. */

#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/model/hf_config.h"

enum { NAME = 96, FACTORS_MAX = 512 };

/* Stores a list of factors, one for each rotary frequency, as a tensor. */
static int
put_factors(const struct hf_config *c, const struct json_node *list, const char *name)
{
	struct model_file_tensor *t = &c->mf->tensor[c->mf->tensors];
	struct json_node member;
	struct json_walk w;
	float *x = arena_alloc(c->arena, FACTORS_MAX * sizeof(*x));
	size_t n = 0;
	double value;

	json_walk_begin(&w, list);
	while (json_walk_next(&w, NULL, &member)) {
		if (n == FACTORS_MAX || !hf_config_double(&member, &value) || value <= 0)
			return hf_config_fail(c, "rope_scaling",
			    "expected up to 512 positive factors");
		x[n++] = (float)value;
	}
	if (n == 0)
		return hf_config_fail(c, "rope_scaling", "long_factor or short_factor is missing");
	*t = (struct model_file_tensor){ .name = { name, strlen(name) },
		.type = dtype_named("F32"),
		.dimension = { n, 1, 1, 1 },
		.dimensions = 1,
		.data = x,
		.bytes = n * sizeof(*x) };
	c->mf->tensors++;
	return 0;
}

/* LongRoPE (Ding et al. 2024), of Phi-3: factors for short and for long contexts, and an
 * attention factor that grows with the context. */
static int
put_longrope(const struct hf_config *c, const struct json_node *scaling)
{
	struct json_node shorter = json_at(scaling, "/short_factor");
	struct json_node longer = json_at(scaling, "/long_factor");
	double context = hf_config_double_or(c->config, "/max_position_embeddings", 0);
	double original = hf_config_double_or(c->config, "/original_max_position_embeddings",
	    hf_config_double_or(scaling, "/original_max_position_embeddings", context));
	double factor = hf_config_double_or(scaling, "/factor",
	    original > 0 ? context / original : 1);
	double magnitude = factor > 1 && original > 1 ? sqrt(1 + log(factor) / log(original)) : 1;

	hf_config_put_double(c, "rope.scaling.attn_factor",
	    hf_config_double_or(scaling, "/attention_factor", magnitude));
	if (put_factors(c, &shorter, "rope_factors_short.weight") < 0)
		return -2;
	return put_factors(c, &longer, "rope_factors_long.weight");
}

/* The attention factor of YaRN for a context stretched by factor (Peng et al. 2023,
 * equation 22). */
static double
yarn_mscale(double factor, double mscale)
{
	return factor > 1 ? 0.1 * mscale * log(factor) + 1 : 1;
}

/* GGUF's attn_factor is relative to the usual one. */
static void
put_yarn(const struct hf_config *c, const struct json_node *s, double factor)
{
	double all = hf_config_double_or(s, "/mscale_all_dim", 0);
	double some = hf_config_double_or(s, "/mscale", 0);
	double usual = yarn_mscale(factor, 1), magnitude = usual;

	if (all > 0 && some > 0)
		magnitude = yarn_mscale(factor, some) / yarn_mscale(factor, all);
	magnitude = hf_config_double_or(s, "/attention_factor", magnitude);
	hf_config_put_double(c, "rope.scaling.attn_factor", magnitude / usual);
	hf_config_put_double(c, "rope.scaling.yarn_beta_fast",
	    hf_config_double_or(s, "/beta_fast", 32));
	hf_config_put_double(c, "rope.scaling.yarn_beta_slow",
	    hf_config_double_or(s, "/beta_slow", 1));
}

/* Are these settings the same for both types of layers? */
static bool
is_same(const struct json_node *a, const struct json_node *b)
{
	static const char *const numbers[] = { "/rope_theta", "/factor", "/partial_rotary_factor",
		"/original_max_position_embeddings" };
	const struct json_node type = json_at(b, "/rope_type");
	const struct json_node other = json_at(a, "/rope_type");

	for (int i = 0; i < 4; i++)
		if (hf_config_double_or(a, numbers[i], -1)
		    != hf_config_double_or(b, numbers[i], -1))
			return false;
	return type.kind == other.kind
	    && (type.kind != JSON_TEXT
		|| (type.text.len == other.text.len
		    && memcmp(type.text.ptr, other.text.ptr, type.text.len) == 0));
}

/* Which types of layers there are: by layer_types, or all with a window and all without one. */
static void
find_types(const struct hf_config *c, bool *has_full, bool *has_sliding)
{
	struct json_node list = hf_config_at(c, "layer_types"), type;
	struct json_walk w;
	char key[NAME];
	uint64_t window;

	snprintf(key, sizeof(key), "%s.attention.sliding_window", c->architecture->name);
	*has_sliding = list.kind != JSON_LIST && model_file_uint(c->mf, key, &window);
	*has_full = list.kind != JSON_LIST
	    && (!*has_sliding || c->architecture->sliding_window_period > 1);
	json_walk_begin(&w, &list);
	while (list.kind == JSON_LIST && json_walk_next(&w, NULL, &type)) {
		const bool is_sliding = json_is_string(&type, "sliding_attention");

		*has_sliding = *has_sliding || is_sliding;
		*has_full = *has_full || !is_sliding;
	}
}

/* rope_scaling, or rope_parameters, which may be one map for all layers or a map for each type
 * of layer. */
static int
find_settings(const struct hf_config *c, struct json_node *out)
{
	struct json_node full, sliding;
	bool has_full, has_sliding;

	*out = hf_config_first(c, "rope_parameters rope_scaling");
	full = json_at(out, "/full_attention");
	sliding = json_at(out, "/sliding_attention");
	if (full.kind != JSON_MAP && sliding.kind != JSON_MAP)
		return 0;
	find_types(c, &has_full, &has_sliding);
	if ((has_full && full.kind != JSON_MAP) || (has_sliding && sliding.kind != JSON_MAP))
		return hf_config_fail(c, "rope_parameters",
		    "there are none for one of the types of layers");
	if (has_full && has_sliding && !is_same(&full, &sliding))
		return hf_config_fail(c, "rope_parameters",
		    "other settings for layers with a window than for those without are not "
		    "supported for this architecture");
	*out = has_full ? full : sliding;
	return 0;
}

/* A number within the settings, or else beside them. */
static int
read_number(const struct hf_config *c, const struct json_node *s, const char *name,
    double otherwise, double *out)
{
	char pointer[NAME];
	struct json_node n;

	snprintf(pointer, sizeof(pointer), "/%s", name);
	n = json_at(s, pointer);
	if (!hf_config_is_set(&n))
		n = hf_config_at(c, name);
	*out = otherwise;
	return hf_config_is_set(&n) && !hf_config_double(&n, out)
	    ? hf_config_fail(c, name, "expected a number")
	    : 0;
}

/* What all kinds of scaling have. */
static int
put_common(const struct hf_config *c, const struct json_node *s)
{
	double theta, partial, original;

	if (read_number(c, s, "rope_theta", 10000, &theta) < 0
	    || read_number(c, s, "partial_rotary_factor", 1, &partial) < 0
	    || read_number(c, s, "original_max_position_embeddings", 0, &original) < 0)
		return -2;
	if (!(partial > 0 && partial <= 1))
		return hf_config_fail(c, "partial_rotary_factor", "expected a number from 0 to 1");
	if (!(original >= 0 && original < 1e9))
		return hf_config_fail(c, "original_max_position_embeddings",
		    "expected a natural number");
	hf_config_put_double(c, "rope.freq_base", theta);
	hf_config_put_double(c, "rope.partial", partial);
	hf_config_put_uint(c, "rope.scaling.original_context_length", (uint64_t)original);
	return 0;
}

int
hf_rope_scaling_read(const struct hf_config *c)
{
	struct json_node s, how;
	double factor;
	char key[NAME];

	if (find_settings(c, &s) < 0 || put_common(c, &s) < 0)
		return -2;
	if (s.kind != JSON_MAP)
		return 0;
	how = json_at(&s, "/rope_type");
	how = how.kind == JSON_TEXT ? how : json_at(&s, "/type");
	/* dynamic NTK scaling changes nothing within the original context */
	if (how.kind != JSON_TEXT || json_is_string(&how, "default")
	    || json_is_string(&how, "dynamic"))
		return 0;
	if (json_is_string(&how, "longrope") || json_is_string(&how, "su"))
		return put_longrope(c, &s);
	factor = hf_config_double_or(&s, "/factor", 1);
	snprintf(key, sizeof(key), "%s.rope.scaling.type", c->architecture->name);
	hf_config_put_string(c->mf, key, how.text.ptr, how.text.len, c->arena);
	hf_config_put_double(c, "rope.scaling.factor", factor);
	hf_config_put_double(c, "rope.scaling.low_freq_factor",
	    hf_config_double_or(&s, "/low_freq_factor", 1));
	hf_config_put_double(c, "rope.scaling.high_freq_factor",
	    hf_config_double_or(&s, "/high_freq_factor", 4));
	if (json_is_string(&how, "yarn"))
		put_yarn(c, &s, factor);
	return 0;
}
