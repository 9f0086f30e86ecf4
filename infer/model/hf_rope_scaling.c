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

int
hf_rope_scaling_read(const struct hf_config *c)
{
	struct json_node s = hf_config_first(c, "rope_parameters rope_scaling"), how;
	double factor, partial = hf_config_double_or(c->config, "/partial_rotary_factor", 1);
	char key[NAME];

	if (partial > 0 && partial < 1)
		hf_config_put_double(c, "rope.partial", partial);
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
