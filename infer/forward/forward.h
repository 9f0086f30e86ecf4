/* forward.h - a batch of tokens through all layers.
 *
 * The one walk through a model.  Scoring (infer/forward/session.c) takes texts through it
 * that grow in a cache; PEAR takes whole texts, watches what stands in the rows on
 * the way, and goes on from the middle of a layer with a head replaced.  One slab
 * holds the cache and the activations; nothing is allocated while tokens are taken
 * through. */

#ifndef ALIGNX_INFER_FORWARD_H
#define ALIGNX_INFER_FORWARD_H

#include "infer/forward/attention.h"
#include "infer/forward/logits.h"

struct forward;

/* What stands in a row on its way through a layer. */
enum moment {
	MOMENT_BEFORE,			/* width: hidden states that it begins with */
	MOMENT_Q, MOMENT_K, MOMENT_V,	/* projected and clamped; not normed, not turned */
	MOMENT_SEEN,			/* heads x head_size, before coefficients */
	MOMENT_GIVEN,			/* width: what attention gives, before any norm */
	MOMENT_ATTENTION,		/* width: what is normed behind attention, if it is */
	MOMENT_BETWEEN,			/* width: hidden states behind attention */
	MOMENT_GATE, MOMENT_UP,		/* mlp: before the activation */
	MOMENT_MLP,			/* width: what is normed behind the MLP, if it is */
	MOMENTS
};

/* Called for each moment and row by the worker that has the row in hand. */
typedef void forward_see_fn(void *with, enum moment moment, size_t layer, size_t row,
    const float *x, size_t n);

struct forward_options {
	size_t tokens, batch;		/* room of the cache; most rows of a pass */
	bool is_whole;			/* texts are whole in a pass: a layer's keys and values
					   are forgotten with it */
	enum level level;
	enum precision precision;
	const float *coefficient;	/* layers x heads (PEAR); NULL: all 1 */
	forward_see_fn *see;		/* NULL: nobody watches */
	void *with;
};

/* With so many threads. */
size_t forward_bytes(const struct model *m, const struct forward_options *o,
    size_t threads);
struct forward *forward_new(const struct model *m,
    const struct forward_options *o, struct pool *pool);
void forward_free(struct forward *f);

/* To be filled before forward_run(), which leaves those of the rows that are wanted: what
 * each row sees. */
struct view *forward_views(struct forward *f);

/* Takes `rows` tokens through the layers; their keys and values go to the places
 * of the cache from `first` on. */
void forward_run(struct forward *f, const uint32_t *id, size_t first, size_t rows);

/* The same for whole texts of one length, text by text, from position 0. */
void forward_run_texts(struct forward *f, const uint32_t *id, size_t texts,
    size_t length);

/* Hidden states of those rows of the batch that are wanted, x width, before the last norm. */
float *forward_hidden(struct forward *f);

/* The rest of a layer from the middle of its attention, for rows whose hidden states
 * before the layer stand in forward_hidden(): from what heads saw, which goes through
 * the output projection, or from what attention gave.  No coefficients. */
void forward_from_seen(struct forward *f, size_t layer, size_t rows);
void forward_from_given(struct forward *f, size_t layer, size_t rows);
float *forward_seen(struct forward *f);		/* rows x heads x head_size */
float *forward_given(struct forward *f);	/* rows x width */

/* q or k of a row as attention takes them: normed and turned by the row's position
 * in the last pass. */
void forward_turn(const struct forward *f, const struct norm_weights *norm,
    size_t norm_len, size_t row, float *x, size_t heads);

/* Is there a norm behind a part of a layer: does MOMENT_ATTENTION or MOMENT_MLP come? */
bool forward_norms_behind(const struct model *m, const struct norm_weights *after);

/* For questions about hidden states, up to `batch` of them at a time. */
struct logits *forward_logits(struct forward *f);

#endif
