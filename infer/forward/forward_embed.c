/* forward_embed.c - embedding: token ids to hidden states, positions included. */

#include "config.h"

#include <math.h>

#include "infer/forward/forward_rows.h"
#include "infer/forward/ops.h"

static void
embed_row(struct forward *f, size_t row)
{
	const struct model *m = f->model;
	const size_t width = m->embedding.columns;
	float *x = (m->project_in.weight.data != NULL ? f->normed : f->hidden) + row * width;

	weight_row(&m->embedding, f->id[row], x);
	if (m->architecture->scales_embedding)
		ops_scale(sqrtf((float)m->width), x, width);
}

/* Adds a learned position, and prepares RoPE. */
static void
position_row(struct forward *f, size_t row)
{
	const struct model *m = f->model;
	float *x = f->hidden + row * m->width, *learned = f->normed + row * m->width;

	if (m->project_in.weight.data != NULL)
		forward_bias_scale(f, &m->project_in, false, x);
	if (m->position.data != NULL) {
		weight_row(&m->position, (size_t)f->view[row].position, learned);
		ops_add(learned, x, m->width);
	}
	if (m->embedding_norm.weight != NULL)
		forward_norm(f, &m->embedding_norm, x, x, 1, m->width);
	forward_check_row(f, row, 0);
	if (m->rope_frequency != NULL)
		rope_angles(m, f->length, f->view[row].position, f->cosine + row * m->rope_size / 2,
		    f->sine + row * m->rope_size / 2);
}

void
forward_embed(struct forward *f)
{
	const struct model *m = f->model;

	forward_each_row(f, embed_row);
	if (m->project_in.weight.data != NULL) {
		matmul_set_input(f->matmul, f->normed, f->rows, m->embedding.columns);
		forward_matmul(f, &m->project_in, f->hidden, m->width);
	}
	forward_each_row(f, position_row);
}
