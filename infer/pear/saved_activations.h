/* trace.h - a forward pass that keeps what the way back needs.
 *
 * Whole texts of one length go through the model together, in single precision.
 * Of each layer from `first` on, what stands in the rows is kept; layers before
 * it leave nothing behind.  For infer/pear/backward.c. */

#ifndef ALIGNX_INFER_TRACE_H
#define ALIGNX_INFER_TRACE_H

#include "infer/forward/forward.h"

/* What a layer keeps, a row for each token; NULL: nothing of the kind. */
struct trace_layer {
	float *at[MOMENTS];
};

struct trace_options {
	size_t texts, length;		/* room for so many texts of so many tokens */
	size_t first;			/* the first layer that is kept */
	enum level level;
	const float *coefficient;	/* layers x heads; NULL: all 1 */
};

struct trace {
	const struct model *model;
	struct trace_options options;
	struct pool *pool;
	struct forward *forward;
	size_t texts, rows;		/* of the last pass */
	struct trace_layer *layer;	/* all; those before `first` are empty */
	float *slab;
};

/* Bytes that it takes, with so many threads. */
size_t trace_bytes(const struct model *m, const struct trace_options *o,
    size_t threads);

/* t stays where it is until it is closed. */
void trace_open(struct trace *t, const struct model *m,
    const struct trace_options *o, struct pool *pool);
void trace_close(struct trace *t);

/* Takes texts x length ids through the model; hidden states behind the last layer,
 * before the last norm, until the next pass. */
const float *trace_run(struct trace *t, const uint32_t *id, size_t texts);

#endif
