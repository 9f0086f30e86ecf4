#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <xxhash.h>

#include "infer/model/fingerprint.h"
#include "lib/core/arena.h"

static void
add_number(XXH3_state_t *s, double x)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%.9g,", x);

	XXH3_128bits_update(s, text, (size_t)n);
}

static void
add_floats(XXH3_state_t *s, const float *x, size_t n)
{
	add_number(s, x != NULL ? (double)n : -1);
	if (x != NULL)
		XXH3_128bits_update(s, x, n * sizeof(*x));
}

static void
add_weight(XXH3_state_t *s, const struct weight *w)
{
	add_number(s, w->data != NULL ? (double)w->type->gguf : -1);
	if (w->data == NULL)
		return;
	add_number(s, (double)w->rows);
	add_number(s, (double)w->columns);
	XXH3_128bits_update(s, w->data,
	    w->rows * (w->columns / w->type->block_elems) * w->type->block_bytes);
}

static void
add_linear(XXH3_state_t *s, const struct linear *l)
{
	add_weight(s, &l->weight);
	if (l->weight.data == NULL)
		return;
	add_floats(s, l->bias, l->weight.rows);
	add_number(s, (double)l->scale);
}

static void
add_norm(XXH3_state_t *s, const struct norm_weights *n, size_t width)
{
	add_floats(s, n->weight, width);
	add_floats(s, n->bias, width);
}

static void
add_layer(XXH3_state_t *s, const struct model *m, const struct layer *l)
{
	const struct linear *const linear[] = { &l->q, &l->k, &l->v, &l->qkv, &l->output, &l->gate,
		&l->up, &l->down };
	const struct norm_weights *const norm[] = { &l->attention_norm, &l->post_attention_norm,
		&l->mlp_norm, &l->post_mlp_norm };

	for (size_t i = 0; i < sizeof(linear) / sizeof(linear[0]); i++)
		add_linear(s, linear[i]);
	for (size_t i = 0; i < sizeof(norm) / sizeof(norm[0]); i++)
		add_norm(s, norm[i], m->width);
	add_norm(s, &l->q_norm, l->q_norm_len);
	add_norm(s, &l->k_norm, l->k_norm_len);
	add_floats(s, l->act_scale, l->mlp);
	add_number(s, (double)l->window);
}

static void
add_sizes(XXH3_state_t *s, const struct model *m)
{
	const size_t size[] = { m->layers, m->width, m->heads, m->kv_heads, m->head_size,
		m->vocabulary, m->rope_size, m->is_post_norm, (size_t)m->positions };
	const double choice[] = { m->epsilon, m->attention_scale, m->attn_softcap, m->logit_softcap,
		m->qkv_clamp, (double)m->rope_attn_factor };

	for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++)
		add_number(s, (double)size[i]);
	for (size_t i = 0; i < sizeof(choice) / sizeof(choice[0]); i++)
		add_number(s, choice[i]);
	add_floats(s, m->rope_frequency, m->rope_size / 2);
	if (m->rope_long != NULL) {
		add_number(s, (double)m->rope_original);
		add_floats(s, m->rope_long, m->rope_size / 2);
	}
	add_floats(s, m->alibi, m->heads);
}

void
model_fingerprint(const struct model *m, char out[FINGERPRINT_SIZE])
{
	XXH3_state_t *s = XXH3_createState();
	XXH128_hash_t hash;

	if (s == NULL)
		arena_out_of_memory();
	XXH3_128bits_reset(s);
	add_sizes(s, m);
	for (size_t i = 0; i < m->layers; i++)
		add_layer(s, m, &m->layer[i]);
	add_weight(s, &m->embedding);
	add_weight(s, &m->position);
	add_linear(s, &m->project_in);
	add_linear(s, &m->project_out);
	add_norm(s, &m->embedding_norm, m->width);
	add_norm(s, &m->output_norm, m->width);
	add_weight(s, &m->output.weight);
	add_floats(s, m->output.bias, m->vocabulary);
	hash = XXH3_128bits_digest(s);
	XXH3_freeState(s);
	snprintf(out, FINGERPRINT_SIZE, "xxh3-128:%016" PRIx64 "%016" PRIx64, (uint64_t)hash.high64,
	    (uint64_t)hash.low64);
}
