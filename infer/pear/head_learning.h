/* head_learning.h - learns a coefficient for each of some heads on the copying task.
 *
 * Everything else is frozen.  The loss is the mean cross-entropy of second copies,
 *
 *	L = -1/n sum over i = n .. 2n-1 of log p(x[i+1] | x[1..i]),
 *
 * its gradient one forward and one backward pass (backward.h).  Adam (Kingma and Ba 2015; beta
 * 0.9 and 0.999, no weight decay) after clipping the gradient's norm; linear warm-up and
 * decay.  Those are the settings of PEAR's code (arXiv 2409.19745), but in single precision.
 * Coefficients start at 1 and are not clamped. */

#ifndef ALIGNX_INFER_PEAR_HEAD_LEARNING_H
#define ALIGNX_INFER_PEAR_HEAD_LEARNING_H

#include "infer/pear/head_list.h"
#include "infer/pear/copy_eval.h"

struct head_learning_options {
	size_t length;              /* n: sequences have 2n tokens */
	size_t sequences;           /* a step */
	size_t warmup, decay;       /* steps at which the rate is full, and at which it is 0 */
	double rate, max_grad_norm; /* max_grad_norm 0: no clipping */
	uint64_t seed;
	size_t held_out; /* sequences that are never learned from */
};

/* The state of a run: what it takes to resume it. */
struct head_learning_state {
	size_t step, len; /* steps done; number of heads */
	const struct head_entry *head;
	float *coefficient;
	double *first_moment, *second_moment; /* Adam's moments */
};

struct head_learning;

/* NULL: sequences are longer than the model's context. */
struct head_learning *head_learning_open(const struct pear_context *ctx, const struct copy_task *c,
    const struct head_learning_options *s, struct head_learning_state *state, struct fault *f);
void head_learning_close(struct head_learning *l);

/* Bytes that learning takes; a lower bound where state is NULL because the heads are not
 * known. */
size_t head_learning_bytes(const struct pear_context *ctx, const struct head_learning_options *s,
    const struct head_learning_state *state);

/* Learning rate of a step, the first being 0: rises linearly over `warmup`, falls linearly to
 * 0 at `decay`. */
double head_learning_rate(const struct head_learning_options *s, size_t step);

/* One Adam step.  Returns the mean loss before it. */
double head_learning_step(struct head_learning *l);

/* Mean loss of the next step's sequences, and its gradient: one number for each head of state. */
double head_learning_gradient(struct head_learning *l, double *gradient);

/* Scores the current coefficients on the held-out sequences. */
void head_learning_evaluate(struct head_learning *l, struct copy_score *out);

#endif
