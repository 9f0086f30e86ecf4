/* logits.h - the LM head: logits and log-probabilities of hidden states.
 *
 * Final norm, vocabulary projection, bias and soft cap.  The vocabulary is scanned in slices
 * with a running maximum and sum for each row (online log-softmax), so all logits of a row are
 * in memory only on request, and only requested rows are multiplied. */

#ifndef ALIGNX_INFER_FORWARD_LOGITS_H
#define ALIGNX_INFER_FORWARD_LOGITS_H

#include "infer/model/model.h"

struct logits;

/* What is wanted of a hidden state; NULL for what is not. */
struct logits_query {
	uint32_t target;  /* of log_prob */
	float *log_prob;  /* log p(target) */
	uint32_t *argmax; /* token id, the lowest of equals */
	float *logits;    /* `vocabulary` floats */
};

size_t logits_bytes(const struct model *m, size_t rows);
struct logits *logits_new(const struct model *m, size_t rows, struct matmul *matmul,
    struct thread_pool *pool);
void logits_free(struct logits *l);

/* Queues a query of a hidden state before the final norm, which is copied.  At most
 * logits_capacity() of them before logits_compute(), which fills them all. */
void logits_request(struct logits *l, const float *hidden, const struct logits_query *q);
void logits_compute(struct logits *l);
size_t logits_capacity(const struct logits *l);

/* Have all log-probabilities so far been finite? */
bool logits_is_finite(const struct logits *l);

/* The LM head's input, rows x its columns, valid until the next request. */
const float *logits_head_input(struct logits *l, const float *hidden, size_t rows);

#endif
