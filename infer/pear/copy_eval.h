/* pear.h - what finding heads and learning their coefficients have in common: how
 * well a model copies (PEAR, sections B1.2 and B2). */

#ifndef ALIGNX_INFER_PEAR_H
#define ALIGNX_INFER_PEAR_H

#include "infer/pear/copy_task.h"
#include "infer/forward/forward.h"

/* How to work, and whom to tell how far it is. */
struct pear_work {
	const struct model *model;
	struct pool *pool;
	enum level level;
	size_t memory;			/* bytes that activations may take, about */
	void (*tell)(void *with, size_t done, size_t all);	/* NULL: nobody */
	void *with;
};

/* Over texts of n tokens twice; the second copy's first token cannot be told, and
 * counts for the loss alone. */
struct pear_result {
	double accuracy;		/* how often the right token is the likeliest */
	double loss;			/* mean cross-entropy of the second copy */
	double metric;			/* pi: the last token's logit less the mean of all */
};

/* Called for what stands at a token of a text on its way through a layer, by several
 * workers at once. */
typedef void pear_look_fn(void *with, enum moment moment, size_t layer, size_t text,
    size_t token, const float *x, size_t n);

struct pear_texts {
	const uint32_t *id;		/* texts x 2n */
	size_t texts, n;
};

/* Bytes that pear_judge() takes for texts of n tokens twice. */
size_t pear_judge_bytes(const struct pear_work *w, size_t texts, size_t n);

/* coefficient: layers x heads; NULL: all 1.  look: NULL is allowed. */
void pear_judge(const struct pear_work *w, const float *coefficient,
    const struct pear_texts *t, struct pear_result *out, pear_look_fn *look,
    void *with);

#endif
