#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/model/model_loader.h"

static int
read_linear(const struct opening *o, size_t layer, const char *part,
    size_t columns, size_t rows, bool is_needed, struct linear *out)
{
	const float *scale;

	if (opening_matrix(o, opening_tensor(o, layer, part, "weight"), columns, rows,
	    &out->weight) < 0
	    || opening_vector(o, opening_tensor(o, layer, part, "bias"), rows, &out->bias) < 0
	    || opening_vector(o, opening_tensor(o, layer, part, "scale"), 1, &scale) < 0)
		return -2;
	out->scale = scale != NULL ? *scale : 1;
	return out->weight.data == NULL && is_needed ? opening_missing(o, layer, part) : 0;
}

static int
read_norm(const struct opening *o, size_t layer, const char *part, size_t len,
    bool is_needed, struct norm_weights *out)
{
	if (opening_vector(o, opening_tensor(o, layer, part, "weight"), len, &out->weight) < 0
	    || opening_vector(o, opening_tensor(o, layer, part, "bias"), len, &out->bias) < 0)
		return -2;
	return out->weight == NULL && is_needed ? opening_missing(o, layer, part) : 0;
}

/* Of each head apart, or of all of them together. */
static int
read_head_norm(const struct opening *o, size_t layer, const char *part,
    size_t all, struct norm_weights *out, size_t *len)
{
	const struct directory_tensor *t = opening_tensor(o, layer, part, "weight");

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

	if (opening_need_each(o, "feed_forward_length", i, &l->mlp) < 0
	    || read_linear(o, i, "ffn_gate", m->width, l->mlp, false, &l->gate) < 0)
		return -2;
	up = is_gated && l->gate.weight.data == NULL ? 2 * l->mlp : l->mlp;
	if (read_norm(o, i, "ffn_norm", m->width, true, &l->mlp_norm) < 0
	    || read_linear(o, i, "ffn_up", m->width, up, true, &l->up) < 0
	    || read_linear(o, i, "ffn_down", l->mlp, m->width, true, &l->down) < 0
	    || opening_vector(o, opening_tensor(o, i, "ffn.act", "scales"), l->mlp, &l->unscale) < 0
	    || read_norm(o, i, "post_ffw_norm", m->width, false, &l->after_mlp) < 0)
		return -2;
	return 0;
}

static int
read_layers(const struct opening *o)
{
	struct model *m = o->m;
	size_t window, from;

	if (opening_want(o, "attention.sliding_window", OPENING_CONTEXT_MAX, 0, &window) < 0
	    || opening_want(o, "attention.sliding_window_from", OPENING_CONTEXT_MAX, 0,
	    &from) < 0)
		return -2;
	m->layer = arena_get(o->arena, m->layers * sizeof(*m->layer));
	for (size_t i = 0; i < m->layers; i++) {
		struct layer *l = &m->layer[i];

		if (read_attention(o, i, l) < 0 || read_mlp(o, i, l) < 0)
			return -2;
		l->window = i >= from && i % (size_t)m->architecture->window_period == 0
		    ? window : 0;
		m->mlp_max = l->mlp > m->mlp_max ? l->mlp : m->mlp_max;
	}
	return 0;
}

static int
read_end_norm(const struct opening *o, const char *weight, const char *bias,
    struct norm_weights *out)
{
	const struct directory *d = &o->m->file;

	return opening_vector(o, directory_find(d, weight), o->m->width, &out->weight) < 0
	    || opening_vector(o, directory_find(d, bias), o->m->width, &out->bias) < 0
	    ? -2 : 0;
}

/* Embeddings may be narrower than the model, with a matrix to it and one back. */
static int
read_embedding(const struct opening *o)
{
	struct model *m = o->m;
	const struct directory *d = &m->file;
	const struct directory_tensor *t = directory_find(d, "token_embd.weight");
	const struct directory_tensor *in = directory_find(d, "project_in.weight");
	const struct directory_tensor *back = directory_find(d, "project_out.weight");
	size_t width;

	if (t == NULL || t->dimensions != 2 || t->dimension[1] > OPENING_VOCABULARY_MAX)
		return fault_stop(o->fault, "%s: the tensor token_embd.weight is missing, "
		    "or no matrix", o->file);
	m->vocabulary = t->dimension[1];
	width = in != NULL && t->dimension[0] < m->width ? t->dimension[0] : m->width;
	if ((in == NULL) != (back == NULL))
		return fault_stop(o->fault, "%s: of the tensors project_in and project_out "
		    "one is missing", o->file);
	m->project_in.scale = m->project_out.scale = 1;
	if (opening_matrix(o, t, width, m->vocabulary, &m->embedding) < 0
	    || opening_matrix(o, in, width, m->width, &m->project_in.weight) < 0
	    || opening_matrix(o, back, m->width, width, &m->project_out.weight) < 0
	    || opening_matrix(o, directory_find(d, "output.weight"), width,
	    m->vocabulary, &m->output.weight) < 0
	    || opening_vector(o, directory_find(d, "output.bias"), m->vocabulary,
	    &m->output.bias) < 0)
		return -2;
	if (m->output.weight.data == NULL)
		m->output.weight = m->embedding;	/* tied */
	return 0;
}

static int
read_ends(const struct opening *o)
{
	struct model *m = o->m;

	m->is_normed_after = opening_bool(o, "is_normed_after");
	if (read_embedding(o) < 0
	    || opening_matrix(o, directory_find(&m->file, "position_embd.weight"),
	    m->width, m->context, &m->position) < 0
	    || read_end_norm(o, "token_embd_norm.weight", "token_embd_norm.bias",
	    &m->embedding_norm) < 0
	    || read_end_norm(o, "output_norm.weight", "output_norm.bias",
	    &m->output_norm) < 0)
		return -2;
	if (m->output_norm.weight == NULL && !m->is_normed_after)
		return fault_stop(o->fault, "%s: the tensor output_norm.weight is missing",
		    o->file);
	return 0;
}

/* What queries are multiplied by: what the file says, or 1 / sqrt(head size).  Of
 * Gemma 2 the largest, known by its depth, goes by width and heads. */
static double
attention_scale(const struct opening *o)
{
	const struct model *m = o->m;
	double scale = opening_real_or(o, "attention.scale", 0);

	if (scale > 0)
		return scale;
	if (strcmp(m->architecture->name, "gemma2") == 0 && m->layers == 46)
		return 1 / sqrt((double)m->width / (double)m->heads);
	return 1 / sqrt((double)m->head_size);
}

static int
read_sizes(const struct opening *o)
{
	struct model *m = o->m;
	bool is_rms = m->architecture->norm == NORM_RMS;

	if (opening_need(o, "block_count", OPENING_LAYERS_MAX, &m->layers) < 0
	    || opening_need(o, "embedding_length", OPENING_WIDTH_MAX, &m->width) < 0
	    || opening_need(o, "context_length", OPENING_CONTEXT_MAX, &m->context) < 0
	    || opening_need(o, "attention.head_count", OPENING_WIDTH_MAX, &m->heads) < 0
	    || opening_want(o, "attention.head_count_kv", OPENING_WIDTH_MAX, m->heads, &m->kv_heads) < 0
	    || opening_want(o, "attention.key_length", MODEL_HEAD_MAX, m->width / m->heads,
	    &m->head_size) < 0)
		return -2;
	if (m->heads % m->kv_heads != 0 || m->head_size == 0 || m->head_size % 2 != 0
	    || m->head_size > MODEL_HEAD_MAX)
		return fault_stop(o->fault, "%s: %zu heads of %zu for %zu of keys do not "
		    "go together", o->file, m->heads, m->head_size, m->kv_heads);
	m->epsilon = opening_real_or(o, is_rms ? "attention.layer_norm_rms_epsilon"
	    : "attention.layer_norm_epsilon", 1e-5);
	m->attention_scale = attention_scale(o);
	m->attention_cap = m->architecture->attention_cap > 0
	    ? opening_real_or(o, "attn_logit_softcapping", m->architecture->attention_cap) : 0;
	m->logit_cap = m->architecture->logit_cap > 0
	    ? opening_real_or(o, "final_logit_softcapping", m->architecture->logit_cap) : 0;
	m->qkv_clamp = opening_real_or(o, "attention.clamp_kqv", 0);
	return 0;
}

static int
read_architecture(const struct opening *o)
{
	struct directory_text name;

	if (!directory_string(&o->m->file, "general.architecture", &name))
		return fault_stop(o->fault, "%s: the key general.architecture is missing",
		    o->file);
	o->m->architecture = architecture_named(name.ptr, name.len);
	if (o->m->architecture == NULL)
		return fault_stop(o->fault, "%s: the architecture %.*s is not known; "
		    "known are %s", o->file, (int)(name.len < 32 ? name.len : 32),
		    name.ptr, architecture_list());
	directory_string(&o->m->file, "general.name", &o->m->name);
	return 0;
}

int
model_open(struct model *m, const char *file, struct arena *a, struct fault *f)
{
	struct opening o = { .m = m, .arena = a, .file = file, .fault = f };

	*m = (struct model){ 0 };
	if (directory_open(&m->file, file, a, f) < 0)
		return -2;
	if (read_architecture(&o) == 0 && read_sizes(&o) == 0 && read_layers(&o) == 0
	    && read_ends(&o) == 0 && model_positions_read(&o) == 0)
		return 0;
	model_close(m);
	return -2;
}

void
model_close(struct model *m)
{
	directory_close(&m->file);
}
