#include "config.h"

#include "infer/forward/forward_internal.h"

void
forward_set_length(struct forward *f, size_t length)
{
	f->length = length;
}

void
forward_run(struct forward *f, const uint32_t *id, size_t first, size_t rows)
{
	f->rows = rows;
	f->first = first;
	f->id = id;
	forward_embed(f);
	forward_begin(f);
	for (f->layer = 0; f->layer < f->model->layers; f->layer++) {
		forward_attention(f);
		forward_mlp(f);
	}
}

void
forward_run_sequences(struct forward *f, const uint32_t *id, size_t sequences, size_t length)
{
	for (size_t r = 0; r < sequences * length; r++)
		f->view[r] = (struct kv_view){ .own = { r - r % length, r % length + 1, 0 },
			.position = (int32_t)(r % length),
			.needs_output = true };
	forward_set_length(f, length);
	forward_run(f, id, 0, sequences * length);
}

struct kv_view *
forward_views(struct forward *f)
{
	return f->view;
}

float *
forward_hidden(struct forward *f)
{
	return f->hidden;
}

float *
forward_attn_heads(struct forward *f)
{
	return f->attn_heads;
}

float *
forward_attn_out(struct forward *f)
{
	return f->normed;
}

struct logits *
forward_logits(struct forward *f)
{
	return f->logits;
}
