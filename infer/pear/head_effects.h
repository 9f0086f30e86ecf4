/* head_effects.h - which heads suppress copying: PEAR's path patching.
 *
 * To add a metric: compute it from the last hidden states in lm_loss.h (as
 * lm_loss_centered_logit() does), add it to struct copy_score in copy_eval.h, and use it in
 * group_effects() of head_effects.c.  In stages/pear/: pear_put_copy_score() prints it,
 * report.c averages it over runs, checkpoint.c reads it back.
 *
 * The effect of head h of layer l is pi' - pi, the gain of the metric pi (copy_eval.h) when
 * the head's output at position e, the last one with a target, is replaced by its mean over
 * sequences, while queries, keys and values of all heads stay those of the clean run (PEAR,
 * arXiv 2409.19745; passes A to D of its path patching code, which takes the mean over the
 * batch).  Positive: the head suppresses copying.  Then only e's hidden state changes, so a head
 * costs no more than the MLPs above it at one position:
 *
 *	r = clean resid_pre(l), with head h's output replaced
 *	r = r + attn + MLP_l(r), then for each layer m above: r += clean attn_out(m); r += MLP_m(r)
 *	effect = mean over sequences of (logit(target) - mean logit) of r, less pi
 *
 * All heads and sequences of a layer go through an MLP together. */

#ifndef ALIGNX_INFER_PEAR_HEAD_EFFECTS_H
#define ALIGNX_INFER_PEAR_HEAD_EFFECTS_H

#include "infer/pear/copy_eval.h"

struct head_effects_options {
	size_t sequences, length; /* of 2 length tokens */
	uint64_t seed;
	bool allows_non_copying; /* for benchmarks: any model */
};

struct head_effects {
	struct head_effects_options options;
	struct copy_score clean;
	double *effect; /* layers x heads: pi' - pi */
};

/* Bytes that head_effects_compute() takes. */
size_t head_effects_bytes(const struct pear_context *ctx, const struct head_effects_options *s);

/* Fills all but the options; effect is in the arena. -2: sequences longer than the model's
 * context, fewer than two of them, or a model that does not copy (pi <= 0), whose effects mean
 * nothing. */
int head_effects_compute(const struct pear_context *ctx, const struct copy_task *c,
    struct head_effects *e, struct arena *a, struct fault *f);

#endif
