#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/causal.h"
#include "infer/layers.h"
#include "infer/trace.h"
#include "lib/arena.h"

enum { LINE = 64, FIELDS = 10 };

/* Floats that a layer keeps for a row, part by part. */
static void
measure(const struct model *m, const struct layer *l, size_t out[FIELDS])
{
	const size_t q = m->heads * m->head_size, kv = m->kv_heads * m->head_size;
	const size_t all[FIELDS] = { m->width, q, kv, kv, q,
		parts_is_taken(m, &l->after_attention) ? m->width : 0, m->width,
		m->architecture->is_gated ? l->mlp : 0, l->mlp,
		parts_is_taken(m, &l->after_mlp) ? m->width : 0 };

	memcpy(out, all, sizeof(all));
}

static size_t
layer_floats(const struct model *m, const struct layer *l, size_t rows)
{
	size_t field[FIELDS], sum = 0;

	measure(m, l, field);
	for (int i = 0; i < FIELDS; i++)
		sum += field[i] * rows + LINE;
	return sum;
}

/* Layers before the first that is kept share the room of the widest. */
static size_t
shared_floats(const struct model *m, const struct trace_options *o)
{
	size_t most = 0, rows = o->texts * o->length;

	for (size_t i = 0; i < m->layers && i < o->first; i++) {
		size_t n = layer_floats(m, &m->layer[i], rows);

		most = n > most ? n : most;
	}
	return most;
}

static size_t
scratch_floats(const struct model *m)
{
	return 2 * m->width + (m->heads + 2 * m->kv_heads) * m->head_size
	    + 2 * m->mlp_max;
}

static size_t
slab_floats(const struct model *m, const struct trace_options *o)
{
	size_t rows = o->texts * o->length, sum = shared_floats(m, o);

	for (size_t i = o->first; i < m->layers; i++)
		sum += layer_floats(m, &m->layer[i], rows);
	return sum + scratch_floats(m) * rows + 4 * LINE;
}

size_t
trace_bytes(const struct model *m, const struct trace_options *o)
{
	return (slab_floats(m, o) + o->texts * o->length * parts_widest(m))
	    * sizeof(float);
}

static float *
cut(float **at, size_t floats)
{
	float *out = *at;

	*at += (floats + LINE / sizeof(float) - 1) / (LINE / sizeof(float))
	    * (LINE / sizeof(float));
	return out;
}

static void
place_layer(const struct model *m, const struct layer *l, size_t rows, float **at,
    struct trace_layer *out)
{
	float **const part[FIELDS] = { &out->before, &out->q, &out->k, &out->v,
		&out->seen, &out->attention, &out->between, &out->gate, &out->up,
		&out->mlp };
	size_t field[FIELDS];

	measure(m, l, field);
	for (int i = 0; i < FIELDS; i++)
		*part[i] = field[i] > 0 ? cut(at, field[i] * rows) : NULL;
}

void
trace_open(struct trace *t, const struct model *m, const struct trace_options *o,
    struct pool *pool)
{
	const size_t rows = o->texts * o->length;
	float *at, *shared;

	*t = (struct trace){ .model = m, .options = *o };
	t->parts = (struct parts){ m, product_new(pool, o->level, PRECISION_F32, rows,
	    parts_widest(m)), pool };
	t->slab = aligned_alloc(LINE, slab_floats(m, o) * sizeof(float) / LINE * LINE
	    + LINE);
	t->layer = calloc(m->layers, sizeof(*t->layer));
	t->position = calloc(rows, sizeof(*t->position));
	if (t->slab == NULL || t->layer == NULL || t->position == NULL)
		arena_exhausted();
	shared = t->slab;
	at = shared + shared_floats(m, o);
	at += (LINE - (uintptr_t)at % LINE) % LINE / sizeof(*at);
	for (size_t i = 0; i < m->layers; i++) {
		float *from = shared;

		place_layer(m, &m->layer[i], rows, i < o->first ? &from : &at,
		    &t->layer[i]);
	}
	t->hidden = cut(&at, rows * m->width);
	t->normed = cut(&at, rows * m->width);
	t->fused = cut(&at, rows * (m->heads + 2 * m->kv_heads) * m->head_size);
	t->act = cut(&at, rows * 2 * m->mlp_max);
	for (size_t i = 0; i < rows; i++)
		t->position[i] = (int32_t)(i % o->length);
}

void
trace_close(struct trace *t)
{
	product_free(t->parts.product);
	free(t->slab);
	free(t->layer);
	free(t->position);
}

static void
add_positions(struct trace *t)
{
	const struct model *m = t->model;

	for (size_t r = 0; r < t->rows; r++) {
		weight_row(&m->position, (size_t)t->position[r], t->normed);
		layer_add(t->normed, t->hidden + r * m->width, m->width);
	}
}

static void
embed(struct trace *t, const uint32_t *id)
{
	const struct model *m = t->model;
	const bool is_narrow = m->project_in.weight.data != NULL;
	const size_t width = m->embedding.columns;

	for (size_t r = 0; r < t->rows; r++) {
		float *x = (is_narrow ? t->normed : t->hidden) + r * width;

		weight_row(&m->embedding, id[r], x);
		if (m->architecture->is_scaled)
			layer_scale(sqrtf((float)m->width), x, width);
	}
	if (is_narrow) {
		product_set(t->parts.product, t->normed, t->rows, width);
		parts_multiply(&t->parts, &m->project_in, t->hidden, t->rows);
	}
	if (m->position.data != NULL)
		add_positions(t);
	if (m->embedding_norm.weight != NULL)
		layer_norm(m->architecture->norm, &m->embedding_norm, m->epsilon,
		    t->hidden, t->hidden, t->rows, m->width);
}

void
trace_weigh(const struct trace *t, size_t layer, const float *seen, float *out)
{
	const struct model *m = t->model;
	const float *by = t->options.coefficient;

	memcpy(out, seen, t->rows * m->heads * m->head_size * sizeof(*out));
	if (by == NULL)
		return;
	for (size_t r = 0; r < t->rows; r++)
		for (size_t h = 0; h < m->heads; h++)
			layer_scale(by[layer * m->heads + h],
			    out + (r * m->heads + h) * m->head_size, m->head_size);
}

static void
attend(struct trace *t, size_t i)
{
	const struct model *m = t->model;
	const struct layer *l = &m->layer[i];
	const struct trace_layer *keep = &t->layer[i];
	const size_t q = m->heads * m->head_size, kv = m->kv_heads * m->head_size;
	struct causal c = { .model = m, .layer = l, .texts = t->texts,
		.length = t->options.length, .q = t->fused,
		.k = t->fused + t->rows * q, .v = keep->v };

	parts_begin(&t->parts, &l->attention_norm, t->hidden, t->normed, t->rows);
	parts_project(&t->parts, l, t->normed, t->fused, keep->q, keep->k, keep->v,
	    t->rows);
	memcpy(t->fused, keep->q, t->rows * q * sizeof(float));
	memcpy(t->fused + t->rows * q, keep->k, t->rows * kv * sizeof(float));
	parts_turn(&t->parts, l, t->position, t->fused, t->fused + t->rows * q, t->rows);
	causal_run(&c, keep->seen, t->parts.pool);
	trace_weigh(t, i, keep->seen, t->fused);
	product_set(t->parts.product, t->fused, t->rows, q);
	parts_multiply(&t->parts, &l->output, t->normed, t->rows);
	parts_end(&t->parts, &l->attention_norm, &l->after_attention, t->normed,
	    keep->attention, t->hidden, t->rows);
}

const float *
trace_run(struct trace *t, const uint32_t *id, size_t texts, trace_fn *each,
    void *with)
{
	const struct model *m = t->model;
	size_t bytes;

	t->texts = texts;
	t->rows = texts * t->options.length;
	bytes = t->rows * m->width * sizeof(float);
	embed(t, id);
	for (size_t i = 0; i < m->layers; i++) {
		const struct layer *l = &m->layer[i];
		const struct trace_layer *keep = &t->layer[i];
		struct parts_mlp room = { keep->gate, keep->up, t->act };

		memcpy(keep->before, t->hidden, bytes);
		attend(t, i);
		memcpy(keep->between, t->hidden, bytes);
		parts_begin(&t->parts, &l->mlp_norm, t->hidden, t->normed, t->rows);
		parts_think(&t->parts, l, t->normed, &room, t->normed, t->rows);
		parts_end(&t->parts, &l->mlp_norm, &l->after_mlp, t->normed, keep->mlp,
		    t->hidden, t->rows);
		if (each != NULL)
			each(with, i, keep);
	}
	return t->hidden;
}
