/* logits.h - what hidden states say about the next token.
 *
 * Last norm, vocabulary projection, bias and soft cap.  The vocabulary is gone
 * through a slice at a time with a running maximum and sum for each row, so that
 * a row of all logits is in memory only where somebody asks for it, and only
 * rows that were asked for are multiplied. */

#ifndef ALIGNX_INFER_LOGITS_H
#define ALIGNX_INFER_LOGITS_H

#include "infer/model/model.h"

struct logits;

/* What is asked about a hidden state; NULL for what is not. */
struct question {
	uint32_t target;		/* of the answer */
	float *answer;			/* log p(target) */
	uint32_t *likeliest;		/* token, the lower id of equals */
	float *all;			/* logits, as many as the vocabulary has */
};

size_t logits_bytes(const struct model *m, size_t rows);
struct logits *logits_new(const struct model *m, size_t rows,
    struct product *product, struct pool *pool);
void logits_free(struct logits *l);

/* A question about a state before the last norm, which is copied.  At most `rows`
 * are asked before logits_answer() answers them. */
void logits_ask(struct logits *l, const float *hidden, const struct question *q);
void logits_answer(struct logits *l);
size_t logits_room(const struct logits *l);	/* these `rows` */

/* What the vocabulary projection takes, rows x its inputs, until the next question. */
const float *logits_narrow(struct logits *l, const float *hidden, size_t rows);

#endif
