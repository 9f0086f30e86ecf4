/* saved_activations.h - a forward pass that keeps the activations backward.c needs.
 *
 * Whole sequences of one length, in single precision.  Layers before `first` keep nothing. */

#ifndef ALIGNX_INFER_PEAR_SAVED_ACTIVATIONS_H
#define ALIGNX_INFER_PEAR_SAVED_ACTIVATIONS_H

#include "infer/forward/forward.h"

/* rows x n for each hook; NULL where nothing is kept. */
struct saved_layer {
	float *at[HOOKS];
};

struct saved_activations_options {
	size_t sequences, length; /* at most so many a pass, each of `length` tokens */
	size_t first;             /* layer */
	enum cpu_isa isa;
	const float *coefficient; /* layers x heads; NULL: all 1 */
};

struct saved_activations {
	const struct model *model;
	struct saved_activations_options options;
	struct thread_pool *pool;
	struct forward *forward;
	size_t sequences, rows;    /* of the last pass */
	struct saved_layer *layer; /* of each layer */
	float *slab;
};

/* Bytes of memory, the forward pass included. */
size_t saved_activations_bytes(const struct model *m, const struct saved_activations_options *o,
    size_t threads);

/* s must not move until it is closed. */
void saved_activations_open(struct saved_activations *s, const struct model *m,
    const struct saved_activations_options *o, struct thread_pool *pool);
void saved_activations_close(struct saved_activations *s);

/* Runs sequences x length ids.  Returns the last hidden states before the final norm, rows x
 * width, valid until the next pass. */
const float *saved_activations_run(struct saved_activations *s, const uint32_t *id,
    size_t sequences);

#endif
