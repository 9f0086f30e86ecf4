#include "config.h"

#include "infer/forward/forward_internal.h"

void
forward_run(struct forward *f, const uint32_t *id, size_t first, size_t rows)
{
	f->rows = rows;
	f->first = first;
	f->id = id;
	forward_embed(f);
	forward_begin(f);
	for (f->layer = 0; f->layer < f->model->layers; f->layer++) {
		forward_attend(f);
		forward_think(f);
	}
}

void
forward_run_texts(struct forward *f, const uint32_t *id, size_t texts, size_t length)
{
	for (size_t r = 0; r < texts * length; r++)
		f->view[r] = (struct view){ .own = { r - r % length, r % length + 1, 0 },
			.position = (int32_t)(r % length), .is_wanted = true };
	forward_run(f, id, 0, texts * length);
}

struct view *
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
forward_seen(struct forward *f)
{
	return f->seen;
}

float *
forward_given(struct forward *f)
{
	return f->normed;
}

struct logits *
forward_logits(struct forward *f)
{
	return f->logits;
}
