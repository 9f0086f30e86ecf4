#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/pear/saved_activations.h"
#include "lib/core/arena.h"

enum { LINE = 64, PAD = LINE / sizeof(float) };

/* Floats that a layer keeps of a token. */
static size_t
row_floats(const struct model *m, const struct layer *l, enum hook hook)
{
	const size_t kv = m->kv_heads * m->head_size;

	switch (hook) {
	case HOOK_RESID_PRE:
	case HOOK_RESID_MID:
		return m->width;
	case HOOK_Q:
	case HOOK_ATTN_HEADS:
		return m->heads * m->head_size;
	case HOOK_K:
	case HOOK_V:
		return kv;
	case HOOK_ATTN_POST:
		return forward_has_post_norm(m, &l->post_attention_norm) ? m->width : 0;
	case HOOK_MLP_GATE:
		return m->architecture->is_gated ? l->mlp : 0;
	case HOOK_MLP_UP:
		return l->mlp;
	case HOOK_MLP_POST:
		return forward_has_post_norm(m, &l->post_mlp_norm) ? m->width : 0;
	case HOOK_ATTN_OUT:
	case HOOKS:
		break;
	}
	return 0;
}

/* So that each begins at a cache line. */
static size_t
padded_floats(const struct saved_activations *s, size_t layer, enum hook hook)
{
	const size_t floats = row_floats(s->model, &s->model->layer[layer], hook)
	    * s->options.sequences * s->options.length;

	return (floats + PAD - 1) / PAD * PAD;
}

static size_t
slab_floats(const struct saved_activations *s)
{
	size_t sum = 0;

	for (size_t i = s->options.first; i < s->model->layers; i++)
		for (int k = 0; k < HOOKS; k++)
			sum += padded_floats(s, i, (enum hook)k);
	return sum;
}

static struct forward_options
forward_options_of(const struct saved_activations_options *o)
{
	return (struct forward_options){ .tokens = o->sequences * o->length,
		.batch = o->sequences * o->length,
		.has_whole_sequences = true,
		.isa = o->isa,
		.precision = PRECISION_F32,
		.coefficient = o->coefficient };
}

size_t
saved_activations_bytes(const struct model *m, const struct saved_activations_options *o,
    size_t threads)
{
	const struct saved_activations s = { .model = m, .options = *o };
	const struct forward_options forward = forward_options_of(o);

	return slab_floats(&s) * sizeof(float) + forward_bytes(m, &forward, threads);
}

static void
save(void *with, enum hook hook, size_t layer, size_t row, const float *x, size_t n)
{
	const struct saved_activations *s = with;
	float *to = s->layer[layer].at[hook];

	if (to != NULL)
		memcpy(to + row * n, x, n * sizeof(*x));
}

void
saved_activations_open(struct saved_activations *s, const struct model *m,
    const struct saved_activations_options *o, struct thread_pool *pool)
{
	struct forward_options forward = forward_options_of(o);
	float *at;

	*s = (struct saved_activations){ .model = m, .options = *o, .pool = pool };
	forward.hook = save;
	forward.with = s;
	s->forward = forward_new(m, &forward, pool);
	s->layer = arena_calloc(m->layers, sizeof(*s->layer));
	at = s->slab = arena_malloc_aligned(slab_floats(s) * sizeof(float));
	for (size_t i = o->first; i < m->layers; i++)
		for (int k = 0; k < HOOKS; k++) {
			const size_t floats = padded_floats(s, i, (enum hook)k);

			s->layer[i].at[k] = floats > 0 ? at : NULL;
			at += floats;
		}
}

void
saved_activations_close(struct saved_activations *s)
{
	forward_free(s->forward);
	free(s->slab);
	free(s->layer);
}

const float *
saved_activations_run(struct saved_activations *s, const uint32_t *id, size_t sequences)
{
	s->sequences = sequences;
	s->rows = sequences * s->options.length;
	forward_run_sequences(s->forward, id, sequences, s->options.length);
	return forward_hidden(s->forward);
}
