/* pear_learn.h - a coefficient for each chosen head, learned by copying.
 *
 * Everything else is frozen.  The loss is the cross-entropy of second copies; its
 * gradient by coefficients comes from one pass there and one back (PEAR, section
 * B2).  Adam (Kingma and Ba 2015) without decay of weights, after clipping the
 * gradient's length; the rate rises over the first steps and falls linearly.
 * Coefficients start at 1, are kept in single precision and are not clamped. */

#ifndef ALIGNX_INFER_PEAR_LEARN_H
#define ALIGNX_INFER_PEAR_LEARN_H

#include "infer/pear/head_list.h"
#include "infer/pear/copy_eval.h"

struct pear_settings {
	size_t length;			/* n: texts are 2n long */
	size_t texts;			/* in a step */
	size_t warm_up, decay;		/* steps until the rate is full, and until it is 0 */
	double rate, clip;		/* clip: longest gradient; 0: any */
	uint64_t seed;
	size_t held_out;		/* texts that are never learned from */
};

/* What a run has come to; all that a run that is taken up again needs. */
struct pear_state {
	size_t step, len;		/* steps done; heads */
	const struct head_entry *head;
	float *coefficient;
	double *mean, *square;		/* running moments of gradients */
};

struct pear_learning;

/* -2 with a sentence: texts longer than the model's context. */
struct pear_learning *pear_learn_open(const struct pear_work *w,
    const struct copying *c, const struct pear_settings *s, struct pear_state *state,
    struct fault *f);
void pear_learn_close(struct pear_learning *l);

/* Bytes that learning takes; state: NULL where its heads are not known yet, for the
 * least that it may be. */
size_t pear_learn_bytes(const struct pear_work *w, const struct pear_settings *s,
    const struct pear_state *state);

/* The learning rate of a step, from 0: step / warm_up of the full one at first. */
double pear_learn_rate(const struct pear_settings *s, size_t step);

/* One step: state moves on.  Returns the loss before it, mean over its texts. */
double pear_learn_step(struct pear_learning *l);

/* Loss of the step's texts and its gradient by the coefficients of state's heads. */
double pear_learn_gradient(struct pear_learning *l, double *gradient);

/* With the coefficients as they are, over texts that are not learned from. */
void pear_learn_judge(struct pear_learning *l, struct pear_result *out);

#endif
