/* lm_loss.h - the language-model loss of given tokens, its gradient, and PEAR's metric.
 *
 * Computes logits (infer/forward/logits.h) a chunk of rows at a time, so that those of all
 * rows are never in memory together. */

#ifndef ALIGNX_INFER_PEAR_LM_LOSS_H
#define ALIGNX_INFER_PEAR_LM_LOSS_H

#include "infer/forward/logits.h"

struct lm_loss;

/* rows: of a chunk at most; also limited by the capacity of `logits`. */
struct lm_loss *lm_loss_new(const struct model *m, enum cpu_isa isa, size_t rows,
    struct logits *logits, struct thread_pool *pool);
/* Bytes at most; has_logits: gradients are wanted, or logits are soft-capped. */
size_t lm_loss_bytes(const struct model *m, size_t rows, bool has_logits);
void lm_loss_free(struct lm_loss *r);

/* How a row predicts its target. */
struct lm_loss_row {
	double loss;    /* -log p(target) */
	bool is_argmax; /* the target has the largest logit; of equals, the lowest
					   id counts */
};

/* hidden: rows x width, before the final norm. d: rows x width, the gradient of weight times
 * the sum of the losses; NULL: not wanted. */
void lm_loss_cross_entropy(struct lm_loss *r, const float *hidden, const uint32_t *target,
    size_t rows, struct lm_loss_row *out, float weight, float *d);

/* The mean-centred logit of the target: out[row] = its logit - the mean logit over the
 * vocabulary, PEAR's metric of one row.  Without a soft cap the mean is a product with the
 * mean row of the LM head, and no other logit is computed. */
void lm_loss_centered_logit(struct lm_loss *r, const float *hidden, const uint32_t *target,
    size_t rows, double *out);

#endif
