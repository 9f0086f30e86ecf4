#include "config.h"

#include <stdio.h>

#include "infer/forward/forward_internal.h"
#include "infer/forward/ops.h"

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

void
forward_check_row(struct forward *f, size_t row, size_t layer)
{
	size_t finite = FORWARD_FINITE;

	if (!ops_is_finite(f->hidden + row * f->model->width, f->model->width))
		atomic_compare_exchange_strong(&f->overflowed, &finite, layer);
}

int
forward_check_finite(const struct forward *f, struct fault *fault)
{
	const size_t at = atomic_load(&f->overflowed);
	char where[32] = "the embedding";

	if (at == FORWARD_FINITE && logits_is_finite(f->logits))
		return 0;
	if (at == FORWARD_FINITE)
		snprintf(where, sizeof(where), "the output matrix");
	else if (at > 0)
		snprintf(where, sizeof(where), "layer %zu", at - 1);
	return fault_stop(fault,
	    "numbers of the model overflow or are NaN, beginning in %s: weights of the file are "
	    "damaged, or made for other arithmetic; load the file again, or try --precision f32",
	    where);
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
