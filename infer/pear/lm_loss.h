/* readout.h - how well hidden states tell given tokens, and the way back.
 *
 * Asks infer/forward/logits.c a chunk of rows at a time, so that logits of all rows are
 * never in memory together. */

#ifndef ALIGNX_INFER_READOUT_H
#define ALIGNX_INFER_READOUT_H

#include "infer/forward/logits.h"

struct readout;

/* Chunks of up to `rows` rows, as far as there is room for so many questions. */
struct readout *readout_new(const struct model *m, enum level level, size_t rows,
    struct logits *logits, struct pool *pool);
/* Bytes of it, at most; has_logits: with gradients, or where logits are capped. */
size_t readout_bytes(const struct model *m, size_t rows, bool has_logits);
void readout_free(struct readout *r);

/* What each row is told about its target. */
struct readout_answer {
	double loss;			/* -log p(target) */
	bool is_first;			/* no token is likelier (the lower id of equals) */
};

/* hidden: rows x width, before the last norm.  d, unless NULL: the gradient by
 * hidden of the sum over rows of weight times loss. */
void readout_loss(struct readout *r, const float *hidden, const uint32_t *target,
    size_t rows, struct readout_answer *answer, float weight, float *d);

/* The target's logit less the mean of all (PEAR, section B1.2).  Where logits are
 * not capped the mean is a product with the mean row of the projection, and no
 * other logit is computed. */
void readout_margin(struct readout *r, const float *hidden, const uint32_t *target,
    size_t rows, double *out);

#endif
