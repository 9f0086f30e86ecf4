/* trace.h - a forward pass that keeps what the way back needs.
 *
 * Whole texts of one length go through the model together, text by text, from
 * position 0, without a cache; in single precision.  Of each layer from `first`
 * on, what went into its parts is kept; layers before it leave nothing behind.
 * For infer/backward.c, and for whoever looks into layers. */

#ifndef ALIGNX_INFER_TRACE_H
#define ALIGNX_INFER_TRACE_H

#include "infer/parts.h"

/* What a layer keeps; a row for each token. */
struct trace_layer {
	float *before;			/* width: hidden states it begins with */
	float *q, *k, *v;		/* projected and clamped; not normed, not turned */
	float *seen;			/* heads x head_size, before coefficients */
	float *attention;		/* width: what was normed behind attention, if it was */
	float *between;			/* width: hidden states behind attention */
	float *gate, *up;		/* mlp: before the activation */
	float *mlp;			/* width: what was normed behind the MLP, if it was */
};

struct trace_options {
	size_t texts, length;		/* room for so many texts of so many tokens */
	size_t first;			/* the first layer that is kept; past the last: none */
	enum level level;
	const float *coefficient;	/* layers x heads; NULL: all 1 */
};

struct trace {
	const struct model *model;
	struct trace_options options;
	struct parts parts;
	size_t texts, rows;		/* of the last pass */
	int32_t *position;		/* of each row */
	struct trace_layer *layer;	/* all; those before `first` are one */
	float *hidden, *normed;		/* rows x width */
	float *fused;			/* rows x (q, k, v), then q and k turned */
	float *act;			/* rows x 2 mlp */
	float *slab;
};

/* Bytes that it takes. */
size_t trace_bytes(const struct model *m, const struct trace_options *o);

void trace_open(struct trace *t, const struct model *m,
    const struct trace_options *o, struct pool *pool);
void trace_close(struct trace *t);

/* Called behind each layer; what is not kept is gone with the next layer.  given
 * is what attention gave, rows x width. */
typedef void trace_fn(void *with, size_t layer, const struct trace_layer *l);

/* Takes texts x length ids through the model; hidden states behind the last layer,
 * before the last norm, until the next pass.  each: NULL is allowed. */
const float *trace_run(struct trace *t, const uint32_t *id, size_t texts,
    trace_fn *each, void *with);

/* seen times coefficients, to `out`: what the output projection takes. */
void trace_weigh(const struct trace *t, size_t layer, const float *seen, float *out);

#endif
