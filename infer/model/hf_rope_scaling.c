#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/model/hf_config.h"

enum { NAME = 96, FACTORS_MAX = 512 };

/* Factors of the frequencies, for short or long texts, as the tensor that GGUF has
 * for them. */
static int
put_factors(const struct folder_config *r, const struct json_node *list, const char *name)
{
	struct directory_tensor *t = &r->d->tensor[r->d->tensors];
	struct json_node member;
	struct json_walk w;
	float *x = arena_get(r->arena, FACTORS_MAX * sizeof(*x));
	size_t n = 0;
	double value;

	json_walk_begin(&w, list);
	while (json_walk_next(&w, NULL, &member)) {
		if (n == FACTORS_MAX || !folder_config_real(&member, &value) || value <= 0)
			return folder_config_wrong(r, "rope_scaling",
			    "factors are up to 512 positive numbers");
		x[n++] = (float)value;
	}
	if (n == 0)
		return folder_config_wrong(r, "rope_scaling", "long_factor or short_factor is missing");
	*t = (struct directory_tensor){ .name = { name, strlen(name) },
		.type = tensor_type_named("F32"), .dimension = { n, 1, 1, 1 },
		.dimensions = 1, .data = x, .bytes = n * sizeof(*x) };
	r->d->tensors++;
	return 0;
}

/* Phi-3: both sets of factors, and a magnitude that grows with the context. */
static int
put_longrope(const struct folder_config *r, const struct json_node *scaling)
{
	struct json_node shorter = json_at(scaling, "/short_factor");
	struct json_node longer = json_at(scaling, "/long_factor");
	double context = folder_config_real_or(r->config, "/max_position_embeddings", 0);
	double original = folder_config_real_or(r->config, "/original_max_position_embeddings",
	    folder_config_real_or(scaling, "/original_max_position_embeddings", context));
	double factor = folder_config_real_or(scaling, "/factor",
	    original > 0 ? context / original : 1);
	double magnitude = factor > 1 && original > 1
	    ? sqrt(1 + log(factor) / log(original)) : 1;

	folder_config_put_real(r, "rope.scaling.attn_factor",
	    folder_config_real_or(scaling, "/attention_factor", magnitude));
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
put_yarn(const struct folder_config *r, const struct json_node *s, double factor)
{
	double all = folder_config_real_or(s, "/mscale_all_dim", 0);
	double some = folder_config_real_or(s, "/mscale", 0);
	double usual = sharpness(factor, 1), magnitude = usual;

	if (all > 0 && some > 0)
		magnitude = sharpness(factor, some) / sharpness(factor, all);
	magnitude = folder_config_real_or(s, "/attention_factor", magnitude);
	folder_config_put_real(r, "rope.scaling.attn_factor", magnitude / usual);
	folder_config_put_real(r, "rope.scaling.yarn_beta_fast",
	    folder_config_real_or(s, "/beta_fast", 32));
	folder_config_put_real(r, "rope.scaling.yarn_beta_slow",
	    folder_config_real_or(s, "/beta_slow", 1));
}

int
folder_config_scaling(const struct folder_config *r)
{
	struct json_node s = folder_config_first(r, "rope_parameters rope_scaling"), how;
	double factor, partial = folder_config_real_or(r->config, "/partial_rotary_factor", 1);
	char key[NAME];

	if (partial > 0 && partial < 1)
		folder_config_put_real(r, "rope.partial", partial);
	if (s.kind != JSON_MAP)
		return 0;
	how = json_at(&s, "/rope_type");
	how = how.kind == JSON_TEXT ? how : json_at(&s, "/type");
	/* what dynamic does begins behind the context */
	if (how.kind != JSON_TEXT || folder_config_is_text(&how, "default")
	    || folder_config_is_text(&how, "dynamic"))
		return 0;
	if (folder_config_is_text(&how, "longrope") || folder_config_is_text(&how, "su"))
		return put_longrope(r, &s);
	factor = folder_config_real_or(&s, "/factor", 1);
	snprintf(key, sizeof(key), "%s.rope.scaling.type", r->architecture->name);
	folder_config_put_text(r->d, key, how.text.ptr, how.text.len, r->arena);
	folder_config_put_real(r, "rope.scaling.factor", factor);
	folder_config_put_real(r, "rope.scaling.low_freq_factor",
	    folder_config_real_or(&s, "/low_freq_factor", 1));
	folder_config_put_real(r, "rope.scaling.high_freq_factor",
	    folder_config_real_or(&s, "/high_freq_factor", 4));
	if (folder_config_is_text(&how, "yarn"))
		put_yarn(r, &s, factor);
	return 0;
}
