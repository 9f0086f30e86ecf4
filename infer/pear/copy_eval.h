/* copy_eval.h - how well a model copies: accuracy, loss and PEAR's metric.
 *
 * For finding heads (head_effects.h) and for learning their coefficients (head_learning.h). */

#ifndef ALIGNX_INFER_PEAR_COPY_EVAL_H
#define ALIGNX_INFER_PEAR_COPY_EVAL_H

#include "infer/pear/copy_task.h"
#include "infer/forward/forward.h"

/* What all of PEAR runs on, and how it reports progress. */
struct pear_context {
	const struct model *model;
	struct thread_pool *pool;
	enum cpu_isa isa;
	size_t memory;                                            /* bytes for activations, about */
	void (*on_progress)(void *with, size_t done, size_t all); /* NULL: none */
	void *with;
};

/* Over sequences of n tokens twice.  The second copy's first token cannot be predicted; it
 * counts for the loss alone.  The metric is PEAR's pi, of which the mean-centred logit is the
 * target's logit less the mean logit over the vocabulary. */
struct copy_score {
	double accuracy; /* share of tokens for which the right one has the largest
					   logit */
	double loss;     /* mean cross-entropy of the second copy, nats */
	double metric;   /* the mean-centred logit of the last token, mean over sequences */
};

/* The hook of the forward pass (infer/forward/forward.h) for a token of a sequence.  Called by
 * several workers at once. */
typedef void copy_eval_hook_fn(void *with, enum hook hook, size_t layer, size_t sequence,
    size_t token, const float *x, size_t n);

struct copy_batch {
	const uint32_t *id; /* sequences x 2n */
	size_t sequences, n;
};

/* Bytes that copy_eval_run() takes. */
size_t copy_eval_bytes(const struct pear_context *ctx, size_t sequences, size_t n);

/* coefficient: layers x heads; NULL: all 1. hook: NULL for none. */
void copy_eval_run(const struct pear_context *ctx, const float *coefficient,
    const struct copy_batch *batch, struct copy_score *out, copy_eval_hook_fn *hook, void *with);

#endif
