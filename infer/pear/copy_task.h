/* copy_task.h - PEAR's proxy task: random sequences that repeat themselves.
 *
 * n token ids drawn uniformly from the vocabulary, twice in a row, without BOS or template
 * (PEAR, arXiv 2409.19745, and its code).  Unlike the code, control, unknown and unused tokens
 * are left out, so that only position and identity predict the next token. */

#ifndef ALIGNX_INFER_PEAR_COPY_TASK_H
#define ALIGNX_INFER_PEAR_COPY_TASK_H

#include "infer/model/model.h"
#include "infer/tokenizer/vocab.h"

struct copy_task {
	const uint32_t *id; /* that sequences are drawn from */
	size_t ids;
};

/* All ids of the model if the file has no vocabulary. -2: fewer than two can be drawn. */
int copy_task_open(struct copy_task *c, const struct model *m, const char *file, struct arena *a,
    struct fault *f);

/* Sequence `number` of a seed's stream: 2n ids. */
void copy_task_draw(const struct copy_task *c, uint64_t seed, uint64_t number, size_t n,
    uint32_t *out);

#endif
