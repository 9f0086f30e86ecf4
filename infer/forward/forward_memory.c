/* forward_memory.c - one slab for cache and activations, its size a function of
 * model and options alone. */

#include "config.h"

#include <stdlib.h>

#include "infer/forward/forward_internal.h"
#include "lib/core/arena.h"

/* Floats between rows of wide buffers, so that they do not all fall on the same
 * places of the caches. */
enum { LINE = 64, PAD = LINE / sizeof(float) };

/* The parts of the slab, in floats. */
enum piece { PIECE_K, PIECE_V, PIECE_HIDDEN, PIECE_NORMED, PIECE_HEADS, PIECE_SEEN,
	PIECE_WIDE, PIECE_COSINE, PIECE_SINE, PIECES };

static size_t
heads_stride(const struct model *m)
{
	return q_len(m) + 2 * kv_len(m) + PAD;
}

static size_t
wide_stride(const struct model *m)
{
	return (m->architecture->is_gated ? 2 : 1) * m->mlp_max + PAD;
}

static size_t
measure(const struct model *m, const struct forward_options *o, enum piece piece)
{
	switch (piece) {
	case PIECE_K:
	case PIECE_V: return (o->is_whole ? 1 : m->layers) * kv_len(m) * o->tokens;
	case PIECE_HIDDEN:
	case PIECE_NORMED: return o->batch * m->width;
	case PIECE_HEADS: return o->batch * heads_stride(m);
	case PIECE_SEEN: return o->batch * q_len(m);
	case PIECE_WIDE: return o->batch * wide_stride(m);
	case PIECE_COSINE:
	case PIECE_SINE: return o->batch * m->rope_size / 2;
	case PIECES: break;
	}
	return 0;
}

/* Matrices have the largest of these as their inputs. */
static size_t
widest(const struct model *m)
{
	size_t most = m->width, q = q_len(m);

	most = q > most ? q : most;
	return m->mlp_max > most ? m->mlp_max : most;
}

size_t
forward_bytes(const struct model *m, const struct forward_options *o, size_t threads)
{
	size_t floats = 0;

	for (int i = 0; i < PIECES; i++)
		floats += measure(m, o, (enum piece)i) + PAD;
	return floats * sizeof(float) + logits_bytes(m, o->batch)
	    + product_bytes(threads, o->batch, widest(m))
	    + attention_room_bytes(m, threads) + o->batch * sizeof(struct view);
}

static void
cut_slab(struct forward *f)
{
	float **const piece[PIECES] = { &f->k, &f->v, &f->hidden, &f->normed, &f->heads,
		&f->seen, &f->wide, &f->cosine, &f->sine };
	size_t floats = 0;
	float *at;

	for (int i = 0; i < PIECES; i++)
		floats += measure(f->model, &f->options, (enum piece)i) + PAD;
	at = f->slab = arena_lines(floats * sizeof(float));
	for (int i = 0; i < PIECES; i++) {
		*piece[i] = at;
		at += (measure(f->model, &f->options, (enum piece)i) + PAD - 1) / PAD * PAD;
	}
}

struct forward *
forward_new(const struct model *m, const struct forward_options *o,
    struct pool *pool)
{
	struct forward *f = calloc(1, sizeof(*f));

	if (f == NULL || (f->view = calloc(o->batch, sizeof(*f->view))) == NULL)
		arena_exhausted();
	f->model = m;
	f->options = *o;
	f->pool = pool;
	f->heads_stride = heads_stride(m);
	f->wide_stride = wide_stride(m);
	cut_slab(f);
	f->product = product_new(pool, o->level, o->precision, o->batch, widest(m));
	f->attention = attention_room_new(m, pool, o->level, o->precision);
	f->logits = logits_new(m, o->batch, f->product, pool);
	return f;
}

void
forward_free(struct forward *f)
{
	if (f == NULL)
		return;
	product_free(f->product);
	attention_room_free(f->attention);
	logits_free(f->logits);
	free(f->slab);
	free(f->view);
	free(f);
}
