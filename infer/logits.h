/* logits.h - log-probabilities of chosen tokens.
 *
 * The vocabulary is gone through a slice at a time with a running maximum and
 * sum for each row, so that a row of all logits is never in memory, and only
 * rows that were asked for are multiplied. */

#ifndef ALIGNX_INFER_LOGITS_H
#define ALIGNX_INFER_LOGITS_H

#include "infer/model.h"

struct logits;

size_t logits_bytes(const struct model *m, size_t rows);
struct logits *logits_new(const struct model *m, size_t rows,
    struct product *product, struct pool *pool);
void logits_free(struct logits *l);

/* log p(target | hidden state), with the state before the last norm; it is
 * copied.  At most `rows` are asked before logits_answer() answers them. */
void logits_ask(struct logits *l, const float *hidden, uint32_t target,
    float *answer);
void logits_answer(struct logits *l);

/* The same question for the likeliest token, the lower id of equals. */
void logits_ask_likeliest(struct logits *l, const float *hidden, uint32_t *answer);

#endif
