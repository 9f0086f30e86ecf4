#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/model.h"

enum { LAYERS_MAX = 4096, WIDTH_MAX = 1 << 20, CONTEXT_MAX = 1 << 24,
	VOCABULARY_MAX = 1 << 24, NAME = 96 };

/* A model while it is read. */
struct opening {
	struct model *m;
	struct arena *arena;
	const char *file;
	struct fault *fault;
};

static const char *
key_name(const struct opening *o, const char *key, char *room)
{
	snprintf(room, NAME, "%s.%s", o->m->architecture->name, key);
	return room;
}

static bool
find_natural(const struct opening *o, const char *key, uint64_t *out)
{
	char name[NAME];

	return gguf_natural(&o->m->file, key_name(o, key, name), out);
}

static double
real_or(const struct opening *o, const char *key, double other)
{
	char name[NAME];
	double x;

	return gguf_real(&o->m->file, key_name(o, key, name), &x) ? x : other;
}

/* A size that must be there, from 1 to most. */
static int
need(const struct opening *o, const char *key, uint64_t most, size_t *out)
{
	uint64_t n;

	if (!find_natural(o, key, &n))
		return fault_stop(o->fault, "%s: the key %s.%s is missing, or no number",
		    o->file, o->m->architecture->name, key);
	if (n == 0 || n > most)
		return fault_stop(o->fault, "%s: %s.%s is %" PRIu64 ", expected 1 to %"
		    PRIu64, o->file, o->m->architecture->name, key, n, most);
	*out = (size_t)n;
	return 0;
}

/* The same, or a default where the key is not there (or 0). */
static int
want(const struct opening *o, const char *key, uint64_t most, size_t other,
    size_t *out)
{
	uint64_t n;

	*out = other;
	return find_natural(o, key, &n) && n != 0 ? need(o, key, most, out) : 0;
}

/* A number for all layers, or one for each. */
static int
need_each(const struct opening *o, const char *key, size_t layer, size_t *out)
{
	char name[NAME];
	const struct gguf_key *k = gguf_key_of(&o->m->file, key_name(o, key, name));

	if (k == NULL || !k->is_array)
		return need(o, key, WIDTH_MAX, out);
	if (k->count < o->m->layers || gguf_natural_at(k, layer) == 0
	    || gguf_natural_at(k, layer) > WIDTH_MAX)
		return fault_stop(o->fault, "%s: %s has no good number for layer %zu",
		    o->file, name, layer);
	*out = (size_t)gguf_natural_at(k, layer);
	return 0;
}

static const struct gguf_tensor *
tensor(const struct opening *o, size_t layer, const char *part, const char *what)
{
	char name[NAME];

	snprintf(name, sizeof(name), "blk.%zu.%s.%s", layer, part, what);
	return gguf_find(&o->m->file, name);
}

static int
blame_shape(const struct opening *o, const struct gguf_tensor *t, size_t columns,
    size_t rows)
{
	return fault_stop(o->fault, "%s: tensor %.*s is %zu x %zu, expected %zu x %zu",
	    o->file, (int)t->name.len, t->name.ptr, t->dimension[0], t->dimension[1],
	    columns, rows);
}

/* The matrix blk.N.PART.weight if it is there. */
static int
find_matrix(const struct opening *o, const struct gguf_tensor *t, size_t columns,
    size_t rows, struct weight *out)
{
	*out = (struct weight){ .data = NULL };
	if (t == NULL)
		return 0;
	if (t->dimensions > 2 || t->dimension[0] != columns || t->dimension[1] != rows)
		return blame_shape(o, t, columns, rows);
	*out = (struct weight){ .type = t->type, .rows = rows, .columns = columns,
		.data = t->data };
	return 0;
}

/* A vector as floats if it is there. */
static int
find_vector(const struct opening *o, const struct gguf_tensor *t, size_t len,
    const float **out)
{
	float *copy;

	*out = NULL;
	if (t == NULL)
		return 0;
	if (t->dimensions != 1 || t->dimension[0] != len)
		return blame_shape(o, t, len, 1);
	copy = arena_get(o->arena, len * sizeof(*copy));
	t->type->decode(t->data, len / t->type->numbers, copy);
	*out = copy;
	return 0;
}

static int
missing(const struct opening *o, size_t layer, const char *part)
{
	return fault_stop(o->fault, "%s: the tensor blk.%zu.%s.weight is missing",
	    o->file, layer, part);
}

static int
read_linear(const struct opening *o, size_t layer, const char *part,
    size_t columns, size_t rows, bool is_needed, struct linear *out)
{
	const float *scale;

	if (find_matrix(o, tensor(o, layer, part, "weight"), columns, rows,
	    &out->weight) < 0
	    || find_vector(o, tensor(o, layer, part, "bias"), rows, &out->bias) < 0
	    || find_vector(o, tensor(o, layer, part, "scale"), 1, &scale) < 0)
		return -2;
	out->scale = scale != NULL ? *scale : 1;
	return out->weight.data == NULL && is_needed ? missing(o, layer, part) : 0;
}

static int
read_norm(const struct opening *o, size_t layer, const char *part, size_t len,
    bool is_needed, struct norm_weights *out)
{
	if (find_vector(o, tensor(o, layer, part, "weight"), len, &out->weight) < 0
	    || find_vector(o, tensor(o, layer, part, "bias"), len, &out->bias) < 0)
		return -2;
	return out->weight == NULL && is_needed ? missing(o, layer, part) : 0;
}

/* Of each head apart, or of all of them together. */
static int
read_head_norm(const struct opening *o, size_t layer, const char *part,
    size_t all, struct norm_weights *out, size_t *len)
{
	const struct gguf_tensor *t = tensor(o, layer, part, "weight");

	*len = t != NULL && t->dimension[0] == all ? all : o->m->head_size;
	return read_norm(o, layer, part, *len, false, out);
}

static int
read_attention(const struct opening *o, size_t i, struct layer *l)
{
	const struct model *m = o->m;
	size_t q = m->heads * m->head_size, kv = m->kv_heads * m->head_size;
	bool is_fused;

	if (read_linear(o, i, "attn_qkv", m->width, q + 2 * kv, false, &l->qkv) < 0)
		return -2;
	is_fused = l->qkv.weight.data != NULL;
	if (read_norm(o, i, "attn_norm", m->width, true, &l->attention_norm) < 0
	    || read_linear(o, i, "attn_q", m->width, q, !is_fused, &l->q) < 0
	    || read_linear(o, i, "attn_k", m->width, kv, !is_fused, &l->k) < 0
	    || read_linear(o, i, "attn_v", m->width, kv, !is_fused, &l->v) < 0
	    || read_linear(o, i, "attn_output", q, m->width, true, &l->output) < 0
	    || read_head_norm(o, i, "attn_q_norm", q, &l->q_norm, &l->q_norm_len) < 0
	    || read_head_norm(o, i, "attn_k_norm", kv, &l->k_norm, &l->k_norm_len) < 0
	    || read_norm(o, i, "post_attention_norm", m->width, false,
	    &l->after_attention) < 0)
		return -2;
	return 0;
}

static int
read_mlp(const struct opening *o, size_t i, struct layer *l)
{
	const struct model *m = o->m;
	bool is_gated = m->architecture->is_gated;
	size_t up;

	if (need_each(o, "feed_forward_length", i, &l->mlp) < 0
	    || read_linear(o, i, "ffn_gate", m->width, l->mlp, false, &l->gate) < 0)
		return -2;
	up = is_gated && l->gate.weight.data == NULL ? 2 * l->mlp : l->mlp;
	if (read_norm(o, i, "ffn_norm", m->width, true, &l->mlp_norm) < 0
	    || read_linear(o, i, "ffn_up", m->width, up, true, &l->up) < 0
	    || read_linear(o, i, "ffn_down", l->mlp, m->width, true, &l->down) < 0
	    || find_vector(o, tensor(o, i, "ffn.act", "scales"), l->mlp, &l->unscale) < 0
	    || read_norm(o, i, "post_ffw_norm", m->width, false, &l->after_mlp) < 0)
		return -2;
	return 0;
}

static int
read_layers(const struct opening *o)
{
	struct model *m = o->m;
	size_t window;

	if (want(o, "attention.sliding_window", CONTEXT_MAX, 0, &window) < 0)
		return -2;
	m->layer = arena_get(o->arena, m->layers * sizeof(*m->layer));
	for (size_t i = 0; i < m->layers; i++) {
		struct layer *l = &m->layer[i];

		if (read_attention(o, i, l) < 0 || read_mlp(o, i, l) < 0)
			return -2;
		l->window = i % (size_t)m->architecture->window_period == 0 ? window : 0;
		m->mlp_max = l->mlp > m->mlp_max ? l->mlp : m->mlp_max;
	}
	return 0;
}

static int
read_ends(const struct opening *o)
{
	struct model *m = o->m;
	const struct gguf_tensor *t = gguf_find(&m->file, "token_embd.weight");

	if (t == NULL || t->dimensions != 2 || t->dimension[1] > VOCABULARY_MAX)
		return fault_stop(o->fault, "%s: the tensor token_embd.weight is missing, "
		    "or no matrix", o->file);
	m->vocabulary = t->dimension[1];
	if (find_matrix(o, t, m->width, m->vocabulary, &m->embedding) < 0
	    || find_matrix(o, gguf_find(&m->file, "position_embd.weight"), m->width,
	    m->context, &m->position) < 0
	    || find_vector(o, gguf_find(&m->file, "token_embd_norm.weight"), m->width,
	    &m->embedding_norm.weight) < 0
	    || find_vector(o, gguf_find(&m->file, "token_embd_norm.bias"), m->width,
	    &m->embedding_norm.bias) < 0
	    || find_vector(o, gguf_find(&m->file, "output_norm.weight"), m->width,
	    &m->output_norm.weight) < 0
	    || find_vector(o, gguf_find(&m->file, "output_norm.bias"), m->width,
	    &m->output_norm.bias) < 0
	    || find_matrix(o, gguf_find(&m->file, "output.weight"), m->width,
	    m->vocabulary, &m->output.weight) < 0
	    || find_vector(o, gguf_find(&m->file, "output.bias"), m->vocabulary,
	    &m->output.bias) < 0)
		return -2;
	if (m->output_norm.weight == NULL)
		return fault_stop(o->fault, "%s: the tensor output_norm.weight is missing",
		    o->file);
	if (m->output.weight.data == NULL)
		m->output.weight = m->embedding;	/* tied */
	return 0;
}

/* How fast each pair of dimensions turns: base^(-2i/n), divided by the factors
 * that some files bring and by linear scaling. */
static int
read_rope(const struct opening *o)
{
	struct model *m = o->m;
	double base = real_or(o, "rope.freq_base", 10000);
	double factor = real_or(o, "rope.scaling.factor", 1);
	const float *by = NULL;
	size_t original, half;
	const char *name = "rope_freqs.weight";
	struct gguf_text how = { "linear", 6 };
	char key[NAME];

	if (want(o, "rope.dimension_count", m->head_size, m->head_size,
	    &m->rope_size) < 0
	    || want(o, "rope.scaling.original_context_length", CONTEXT_MAX, m->context,
	    &original) < 0)
		return -2;
	half = m->rope_size / 2;
	if (gguf_find(&m->file, "rope_factors_long.weight") != NULL)
		name = m->context > original ? "rope_factors_long.weight"
		    : "rope_factors_short.weight";
	if (find_vector(o, gguf_find(&m->file, name), half, &by) < 0)
		return -2;
	gguf_string(&m->file, key_name(o, "rope.scaling.type", key), &how);
	if (factor > 0 && factor != 1 && (how.len != 6
	    || memcmp(how.ptr, "linear", 6) != 0) && by == NULL)
		return fault_stop(o->fault, "%s: rotary scaling of type %.*s is not "
		    "understood", o->file, (int)(how.len < 32 ? how.len : 32), how.ptr);
	m->rope_magnitude = (float)real_or(o, "rope.scaling.attn_factor", 1);
	m->rope_frequency = arena_get(o->arena, (half + 1) * sizeof(float));
	for (size_t i = 0; i < half; i++)
		m->rope_frequency[i] = (float)(pow(base, -2.0 * (double)i
		    / (double)m->rope_size) / (by != NULL ? (double)by[i] : 1)
		    / (by == NULL && factor > 0 ? factor : 1));
	return 0;
}

/* Slopes for h heads: with n the largest power of two not above h, head i < n
 * has 2^(-8(i+1)/n) and head n+j has 2^(-4(2j+1)/n) (Press et al. 2022). */
static void
make_alibi(const struct opening *o, double most)
{
	struct model *m = o->m;
	size_t n = 1;

	while (2 * n <= m->heads)
		n *= 2;
	m->alibi = arena_get(o->arena, m->heads * sizeof(float));
	for (size_t i = 0; i < m->heads; i++)
		m->alibi[i] = (float)(i < n
		    ? pow(2, -most * (double)(i + 1) / (double)n)
		    : pow(2, -most / 2 * (double)(2 * (i - n) + 1) / (double)n));
}

static int
read_positions(const struct opening *o)
{
	struct model *m = o->m;
	double most = real_or(o, "attention.max_alibi_bias", m->architecture->alibi);

	m->positions = m->architecture->positions;
	/* Baichuan's two sizes differ in this, and say so by their depth alone */
	if (strcmp(m->architecture->name, "baichuan") == 0 && m->layers != 32)
		m->positions = m->layers == 40 ? POSITIONS_ALIBI : POSITIONS_NONE;
	if (m->positions == POSITIONS_ALIBI && !(most > 0))
		m->positions = m->position.data != NULL ? POSITIONS_LEARNED
		    : POSITIONS_NONE;	/* MPT has one or the other, or both */
	if (m->positions == POSITIONS_ALIBI)
		make_alibi(o, most);
	if (m->positions == POSITIONS_LEARNED && m->position.data == NULL)
		return fault_stop(o->fault, "%s: the tensor position_embd.weight is "
		    "missing", o->file);
	return m->positions == POSITIONS_ROPE_PAIRS
	    || m->positions == POSITIONS_ROPE_HALVES ? read_rope(o) : 0;
}

static int
read_sizes(const struct opening *o)
{
	struct model *m = o->m;
	bool is_rms = m->architecture->norm == NORM_RMS;
	double scale;

	if (need(o, "block_count", LAYERS_MAX, &m->layers) < 0
	    || need(o, "embedding_length", WIDTH_MAX, &m->width) < 0
	    || need(o, "context_length", CONTEXT_MAX, &m->context) < 0
	    || need(o, "attention.head_count", WIDTH_MAX, &m->heads) < 0
	    || want(o, "attention.head_count_kv", WIDTH_MAX, m->heads, &m->kv_heads) < 0
	    || want(o, "attention.key_length", MODEL_HEAD_MAX, m->width / m->heads,
	    &m->head_size) < 0)
		return -2;
	if (m->heads % m->kv_heads != 0 || m->head_size == 0 || m->head_size % 2 != 0
	    || m->head_size > MODEL_HEAD_MAX)
		return fault_stop(o->fault, "%s: %zu heads of %zu for %zu of keys do not "
		    "go together", o->file, m->heads, m->head_size, m->kv_heads);
	m->epsilon = real_or(o, is_rms ? "attention.layer_norm_rms_epsilon"
	    : "attention.layer_norm_epsilon", 1e-5);
	scale = real_or(o, "attention.scale", 0);
	m->attention_scale = scale > 0 ? scale : 1 / sqrt((double)m->head_size);
	m->attention_cap = m->architecture->attention_cap > 0
	    ? real_or(o, "attn_logit_softcapping", m->architecture->attention_cap) : 0;
	m->logit_cap = m->architecture->logit_cap > 0
	    ? real_or(o, "final_logit_softcapping", m->architecture->logit_cap) : 0;
	m->qkv_clamp = real_or(o, "attention.clamp_kqv", 0);
	return 0;
}

static int
read_architecture(const struct opening *o)
{
	struct gguf_text name;

	if (!gguf_string(&o->m->file, "general.architecture", &name))
		return fault_stop(o->fault, "%s: the key general.architecture is missing",
		    o->file);
	o->m->architecture = architecture_named(name.ptr, name.len);
	if (o->m->architecture == NULL)
		return fault_stop(o->fault, "%s: the architecture %.*s is not known; "
		    "known are %s", o->file, (int)(name.len < 32 ? name.len : 32),
		    name.ptr, architecture_list());
	gguf_string(&o->m->file, "general.name", &o->m->name);
	return 0;
}

int
model_open(struct model *m, const char *file, struct arena *a, struct fault *f)
{
	struct opening o = { .m = m, .arena = a, .file = file, .fault = f };

	*m = (struct model){ 0 };
	if (gguf_open(&m->file, file, a, f) < 0)
		return -2;
	if (read_architecture(&o) == 0 && read_sizes(&o) == 0 && read_layers(&o) == 0
	    && read_ends(&o) == 0 && read_positions(&o) == 0)
		return 0;
	model_close(m);
	return -2;
}

void
model_close(struct model *m)
{
	gguf_close(&m->file);
}
