#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/pear/saved_activations.h"
#include "lib/core/arena.h"

enum { LINE = 64, PAD = LINE / sizeof(float) };

/* Floats that a layer keeps of a row. */
static size_t
measure(const struct model *m, const struct layer *l, enum moment moment)
{
	const size_t kv = m->kv_heads * m->head_size;

	switch (moment) {
	case MOMENT_BEFORE:
	case MOMENT_BETWEEN: return m->width;
	case MOMENT_Q:
	case MOMENT_SEEN: return m->heads * m->head_size;
	case MOMENT_K:
	case MOMENT_V: return kv;
	case MOMENT_ATTENTION:
		return forward_norms_behind(m, &l->after_attention) ? m->width : 0;
	case MOMENT_GATE: return m->architecture->is_gated ? l->mlp : 0;
	case MOMENT_UP: return l->mlp;
	case MOMENT_MLP: return forward_norms_behind(m, &l->after_mlp) ? m->width : 0;
	case MOMENT_GIVEN:
	case MOMENTS: break;
	}
	return 0;
}

/* With what is left free, so that each begins at a line of the caches. */
static size_t
room(const struct trace *t, size_t layer, enum moment moment)
{
	const size_t floats = measure(t->model, &t->model->layer[layer], moment)
	    * t->options.texts * t->options.length;

	return (floats + PAD - 1) / PAD * PAD;
}

static size_t
slab_floats(const struct trace *t)
{
	size_t sum = 0;

	for (size_t i = t->options.first; i < t->model->layers; i++)
		for (int k = 0; k < MOMENTS; k++)
			sum += room(t, i, (enum moment)k);
	return sum;
}

static struct forward_options
whole_texts(const struct trace_options *o)
{
	return (struct forward_options){ .tokens = o->texts * o->length,
		.batch = o->texts * o->length, .is_whole = true, .level = o->level,
		.precision = PRECISION_F32, .coefficient = o->coefficient };
}

size_t
trace_bytes(const struct model *m, const struct trace_options *o, size_t threads)
{
	const struct trace t = { .model = m, .options = *o };
	const struct forward_options forward = whole_texts(o);

	return slab_floats(&t) * sizeof(float) + forward_bytes(m, &forward, threads);
}

static void
keep(void *with, enum moment moment, size_t layer, size_t row, const float *x, size_t n)
{
	const struct trace *t = with;
	float *to = t->layer[layer].at[moment];

	if (to != NULL)
		memcpy(to + row * n, x, n * sizeof(*x));
}

void
trace_open(struct trace *t, const struct model *m, const struct trace_options *o,
    struct pool *pool)
{
	struct forward_options forward = whole_texts(o);
	float *at;

	*t = (struct trace){ .model = m, .options = *o, .pool = pool };
	forward.see = keep;
	forward.with = t;
	t->forward = forward_new(m, &forward, pool);
	t->layer = arena_array(m->layers, sizeof(*t->layer));
	at = t->slab = arena_lines(slab_floats(t) * sizeof(float));
	for (size_t i = o->first; i < m->layers; i++)
		for (int k = 0; k < MOMENTS; k++) {
			const size_t floats = room(t, i, (enum moment)k);

			t->layer[i].at[k] = floats > 0 ? at : NULL;
			at += floats;
		}
}

void
trace_close(struct trace *t)
{
	forward_free(t->forward);
	free(t->slab);
	free(t->layer);
}

const float *
trace_run(struct trace *t, const uint32_t *id, size_t texts)
{
	t->texts = texts;
	t->rows = texts * t->options.length;
	forward_run_texts(t->forward, id, texts, t->options.length);
	return forward_hidden(t->forward);
}
