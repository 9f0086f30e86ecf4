#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/model/model_loader.h"
#include "infer/model/open_model_file.h"

static int
read_linear(const struct model_loader *ld, size_t layer, const char *part, size_t columns,
    size_t rows, bool is_required, struct linear *out)
{
	const float *scale;

	if (loader_matrix(ld, loader_tensor(ld, layer, part, "weight"), columns, rows, &out->weight)
		< 0
	    || loader_vector(ld, loader_tensor(ld, layer, part, "bias"), rows, &out->bias) < 0
	    || loader_vector(ld, loader_tensor(ld, layer, part, "scale"), 1, &scale) < 0)
		return -2;
	out->scale = scale != NULL ? *scale : 1;
	return out->weight.data == NULL && is_required ? loader_missing(ld, layer, part, "weight")
						       : 0;
}

static int
read_norm(const struct model_loader *ld, size_t layer, const char *part, size_t len,
    bool is_required, struct norm_weights *out)
{
	if (loader_vector(ld, loader_tensor(ld, layer, part, "weight"), len, &out->weight) < 0
	    || loader_vector(ld, loader_tensor(ld, layer, part, "bias"), len, &out->bias) < 0)
		return -2;
	return out->weight == NULL && is_required ? loader_missing(ld, layer, part, "weight") : 0;
}

/* Over each head (Qwen3), or over all of them together (MPT). */
static int
read_head_norm(const struct model_loader *ld, size_t layer, const char *part, size_t all,
    struct norm_weights *out, size_t *len)
{
	const struct model_file_tensor *t = loader_tensor(ld, layer, part, "weight");

	*len = t != NULL && t->dimension[0] == all ? all : ld->m->head_size;
	return read_norm(ld, layer, part, *len, false, out);
}

static int
read_attention(const struct model_loader *ld, size_t i, struct layer *l)
{
	const struct model *m = ld->m;
	size_t q = m->heads * m->head_size, kv = m->kv_heads * m->head_size;
	bool is_fused;

	if (read_linear(ld, i, "attn_qkv", m->width, q + 2 * kv, false, &l->qkv) < 0)
		return -2;
	is_fused = l->qkv.weight.data != NULL;
	if (read_norm(ld, i, "attn_norm", m->width, true, &l->attention_norm) < 0
	    || read_linear(ld, i, "attn_q", m->width, q, !is_fused, &l->q) < 0
	    || read_linear(ld, i, "attn_k", m->width, kv, !is_fused, &l->k) < 0
	    || read_linear(ld, i, "attn_v", m->width, kv, !is_fused, &l->v) < 0
	    || read_linear(ld, i, "attn_output", q, m->width, true, &l->output) < 0
	    || read_head_norm(ld, i, "attn_q_norm", q, &l->q_norm, &l->q_norm_len) < 0
	    || read_head_norm(ld, i, "attn_k_norm", kv, &l->k_norm, &l->k_norm_len) < 0
	    || read_norm(ld, i, "post_attention_norm", m->width, false, &l->post_attention_norm)
		< 0)
		return -2;
	return 0;
}

static int
read_mlp(const struct model_loader *ld, size_t i, struct layer *l)
{
	const struct model *m = ld->m;
	bool is_gated = m->architecture->is_gated;
	size_t up;

	if (loader_require_per_layer(ld, "feed_forward_length", i, &l->mlp) < 0
	    || read_linear(ld, i, "ffn_gate", m->width, l->mlp, false, &l->gate) < 0)
		return -2;
	up = is_gated && l->gate.weight.data == NULL ? 2 * l->mlp : l->mlp;
	if (read_norm(ld, i, "ffn_norm", m->width, true, &l->mlp_norm) < 0
	    || read_linear(ld, i, "ffn_up", m->width, up, true, &l->up) < 0
	    || read_linear(ld, i, "ffn_down", l->mlp, m->width, true, &l->down) < 0
	    || loader_vector(ld, loader_tensor(ld, i, "ffn.act", "scales"), l->mlp, &l->act_scale)
		< 0
	    || read_norm(ld, i, "post_ffw_norm", m->width, false, &l->post_mlp_norm) < 0)
		return -2;
	return 0;
}

static int
read_layers(const struct model_loader *ld)
{
	struct model *m = ld->m;
	size_t window, from;

	if (loader_get_or(ld, "attention.sliding_window", LOADER_CONTEXT_MAX, 0, &window) < 0
	    || loader_get_or(ld, "attention.sliding_window_from", LOADER_CONTEXT_MAX, 0, &from) < 0)
		return -2;
	m->layer = arena_alloc(ld->arena, m->layers * sizeof(*m->layer));
	for (size_t i = 0; i < m->layers; i++) {
		struct layer *l = &m->layer[i];

		if (read_attention(ld, i, l) < 0 || read_mlp(ld, i, l) < 0)
			return -2;
		l->window = loader_bool_of_layer(ld, "attention.sliding_window_pattern", i,
				i >= from
				    && i % (size_t)m->architecture->sliding_window_period == 0)
		    ? window
		    : 0;
		m->mlp_max = l->mlp > m->mlp_max ? l->mlp : m->mlp_max;
	}
	return 0;
}

static int
read_end_norm(const struct model_loader *ld, const char *weight, const char *bias,
    struct norm_weights *out)
{
	return loader_vector(ld, loader_find(ld, weight), ld->m->width, &out->weight) < 0
		|| loader_vector(ld, loader_find(ld, bias), ld->m->width, &out->bias) < 0
	    ? -2
	    : 0;
}

/* The embeddings of OPT may be narrower than the model, with projections in and out. */
static int
read_embedding(const struct model_loader *ld)
{
	struct model *m = ld->m;
	const struct model_file_tensor *t = loader_find(ld, "token_embd.weight");
	const struct model_file_tensor *in = loader_find(ld, "project_in.weight");
	const struct model_file_tensor *out = loader_find(ld, "project_out.weight");
	size_t width;

	if (t == NULL || t->dimensions != 2 || t->dimension[1] > LOADER_VOCAB_MAX)
		return fault_stop(ld->fault,
		    "%s: the tensor token_embd.weight is missing, "
		    "or not a matrix",
		    ld->file);
	m->vocabulary = t->dimension[1];
	width = in != NULL && t->dimension[0] < m->width ? t->dimension[0] : m->width;
	if ((in == NULL) != (out == NULL))
		return fault_stop(ld->fault,
		    "%s: one of the tensors project_in and project_out "
		    "is missing",
		    ld->file);
	m->project_in.scale = m->project_out.scale = 1;
	if (loader_matrix(ld, t, width, m->vocabulary, &m->embedding) < 0
	    || loader_matrix(ld, in, width, m->width, &m->project_in.weight) < 0
	    || loader_matrix(ld, out, m->width, width, &m->project_out.weight) < 0
	    || loader_matrix(ld, loader_find(ld, "output.weight"), width, m->vocabulary,
		   &m->output.weight)
		< 0
	    || loader_vector(ld, loader_find(ld, "output.bias"), m->vocabulary, &m->output.bias)
		< 0)
		return -2;
	if (m->output.weight.data == NULL)
		m->output.weight = m->embedding; /* tied */
	return 0;
}

static int
read_ends(const struct model_loader *ld)
{
	struct model *m = ld->m;

	m->is_post_norm = loader_bool(ld, "is_normed_after");
	if (read_embedding(ld) < 0
	    || loader_matrix(ld, loader_find(ld, "position_embd.weight"), m->width, m->context,
		   &m->position)
		< 0
	    || read_end_norm(ld, "token_embd_norm.weight", "token_embd_norm.bias",
		   &m->embedding_norm)
		< 0
	    || read_end_norm(ld, "output_norm.weight", "output_norm.bias", &m->output_norm) < 0)
		return -2;
	if (m->output_norm.weight == NULL && !m->is_post_norm)
		return fault_stop(ld->fault, "%s: the tensor output_norm.weight is missing",
		    ld->file);
	return 0;
}

/* The factor of q k^T: the file's, or 1 / sqrt(head size); Gemma 2 27B, which has 46
 * layers, uses width / heads instead of the head size. */
static double
attention_scale(const struct model_loader *ld)
{
	const struct model *m = ld->m;
	double scale = loader_double_or(ld, "attention.scale", 0);

	if (scale > 0)
		return scale;
	if (strcmp(m->architecture->name, "gemma2") == 0 && m->layers == 46)
		return 1 / sqrt((double)m->width / (double)m->heads);
	return 1 / sqrt((double)m->head_size);
}

static int
read_sizes(const struct model_loader *ld)
{
	struct model *m = ld->m;
	bool is_rms = m->architecture->norm == NORM_RMS;

	if (loader_require(ld, "block_count", LOADER_LAYERS_MAX, &m->layers) < 0
	    || loader_require(ld, "embedding_length", LOADER_WIDTH_MAX, &m->width) < 0
	    || loader_require(ld, "context_length", LOADER_CONTEXT_MAX, &m->context) < 0
	    || loader_require(ld, "attention.head_count", LOADER_WIDTH_MAX, &m->heads) < 0
	    || loader_get_or(ld, "attention.head_count_kv", LOADER_WIDTH_MAX, m->heads,
		   &m->kv_heads)
		< 0
	    || loader_get_or(ld, "attention.key_length", MODEL_HEAD_MAX, m->width / m->heads,
		   &m->head_size)
		< 0)
		return -2;
	if (m->heads % m->kv_heads != 0 || m->head_size == 0 || m->head_size % 2 != 0
	    || m->head_size > MODEL_HEAD_MAX)
		return fault_stop(ld->fault,
		    "%s: %zu heads of %zu dimensions do not fit "
		    "%zu key/value heads",
		    ld->file, m->heads, m->head_size, m->kv_heads);
	m->epsilon = loader_double_or(ld,
	    is_rms ? "attention.layer_norm_rms_epsilon" : "attention.layer_norm_epsilon", 1e-5);
	m->attention_scale = attention_scale(ld);
	m->attn_softcap = m->architecture->attn_softcap > 0
	    ? loader_double_or(ld, "attn_logit_softcapping", m->architecture->attn_softcap)
	    : 0;
	m->logit_softcap = m->architecture->logit_softcap > 0
	    ? loader_double_or(ld, "final_logit_softcapping", m->architecture->logit_softcap)
	    : 0;
	m->qkv_clamp = loader_double_or(ld, "attention.clamp_kqv", 0);
	return 0;
}

static int
read_architecture(const struct model_loader *ld)
{
	struct text name;

	if (!model_file_string(&ld->m->file, "general.architecture", &name))
		return fault_stop(ld->fault, "%s: the key general.architecture is missing",
		    ld->file);
	ld->m->architecture = architecture_by_name(&name);
	if (ld->m->architecture == NULL)
		return fault_stop(ld->fault,
		    "%s: the architecture %.*s is not known; "
		    "known are %s",
		    ld->file, (int)(name.len < 32 ? name.len : 32), name.ptr, architecture_list());
	model_file_string(&ld->m->file, "general.name", &ld->m->name);
	return 0;
}

int
model_open(struct model *m, const char *file, struct arena *a, struct fault *f)
{
	struct model_loader ld = { .m = m, .arena = a, .file = file, .fault = f };

	*m = (struct model){ 0 };
	if (model_file_open(&m->file, file, a, f) < 0)
		return -2;
	if (read_architecture(&ld) == 0 && read_sizes(&ld) == 0 && read_layers(&ld) == 0
	    && read_ends(&ld) == 0 && model_rope_read(&ld) == 0
	    && model_tensors_check_required(&ld) == 0 && model_tensors_check_used(&ld) == 0)
		return 0;
	model_close(m);
	return -2;
}

void
model_close(struct model *m)
{
	model_file_close(&m->file);
}
