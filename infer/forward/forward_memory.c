/* forward_memory.c - one slab for cache and activations.  Its size depends on model and options
 * alone. */

#include "config.h"

#include <stdlib.h>

#include "infer/forward/forward_internal.h"
#include "lib/core/arena.h"

/* Floats between rows, so that rows do not share cache sets. */
enum { LINE = 64, PAD = LINE / sizeof(float) };

/* Parts of the slab. */
enum slab_part {
	SLAB_K,
	SLAB_V,
	SLAB_HIDDEN,
	SLAB_NORMED,
	SLAB_HEADS,
	SLAB_ATTN_HEADS,
	SLAB_FFN,
	SLAB_COSINE,
	SLAB_SINE,
	SLAB_PARTS
};

static size_t
heads_stride(const struct model *m)
{
	return q_len(m) + 2 * kv_len(m) + PAD;
}

static size_t
ffn_stride(const struct model *m)
{
	return (m->architecture->is_gated ? 2 : 1) * m->mlp_max + PAD;
}

static size_t
part_floats(const struct model *m, const struct forward_options *o, enum slab_part part)
{
	switch (part) {
	case SLAB_K:
	case SLAB_V:
		return (o->has_whole_sequences ? 1 : m->layers) * kv_len(m) * o->tokens;
	case SLAB_HIDDEN:
	case SLAB_NORMED:
		return o->batch * m->width;
	case SLAB_HEADS:
		return o->batch * heads_stride(m);
	case SLAB_ATTN_HEADS:
		return o->batch * q_len(m);
	case SLAB_FFN:
		return o->batch * ffn_stride(m);
	case SLAB_COSINE:
	case SLAB_SINE:
		return o->batch * m->rope_size / 2;
	case SLAB_PARTS:
		break;
	}
	return 0;
}

/* Largest input of a matrix. */
static size_t
widest_input(const struct model *m)
{
	size_t max = m->width, q = q_len(m);

	max = q > max ? q : max;
	return m->mlp_max > max ? m->mlp_max : max;
}

size_t
forward_bytes(const struct model *m, const struct forward_options *o, size_t threads)
{
	size_t floats = 0;

	for (int i = 0; i < SLAB_PARTS; i++)
		floats += part_floats(m, o, (enum slab_part)i) + PAD;
	return floats * sizeof(float) + logits_bytes(m, o->batch)
	    + matmul_bytes(threads, o->batch, widest_input(m)) + attention_scratch_bytes(m, threads)
	    + o->batch * sizeof(struct kv_view);
}

static void
cut_slab(struct forward *f)
{
	float **const part[SLAB_PARTS] = { &f->k, &f->v, &f->hidden, &f->normed, &f->heads,
		&f->attn_heads, &f->ffn, &f->cosine, &f->sine };
	size_t floats = 0;
	float *at;

	for (int i = 0; i < SLAB_PARTS; i++)
		floats += part_floats(f->model, &f->options, (enum slab_part)i) + PAD;
	at = f->slab = arena_malloc_aligned(floats * sizeof(float));
	for (int i = 0; i < SLAB_PARTS; i++) {
		*part[i] = at;
		at += (part_floats(f->model, &f->options, (enum slab_part)i) + PAD - 1) / PAD * PAD;
	}
}

struct forward *
forward_new(const struct model *m, const struct forward_options *o, struct thread_pool *pool)
{
	struct forward *f = calloc(1, sizeof(*f));

	if (f == NULL || (f->view = calloc(o->batch, sizeof(*f->view))) == NULL)
		arena_out_of_memory();
	f->model = m;
	f->options = *o;
	atomic_store(&f->overflowed, FORWARD_FINITE);
	f->pool = pool;
	f->heads_stride = heads_stride(m);
	f->ffn_stride = ffn_stride(m);
	cut_slab(f);
	f->matmul = matmul_new(pool, o->isa, o->precision, o->batch, widest_input(m));
	f->attention = attention_scratch_new(m, pool, o->isa, o->precision);
	f->logits = logits_new(m, o->batch, f->matmul, pool);
	return f;
}

void
forward_free(struct forward *f)
{
	if (f == NULL)
		return;
	matmul_free(f->matmul);
	attention_scratch_free(f->attention);
	logits_free(f->logits);
	free(f->slab);
	free(f->view);
	free(f);
}
