/* checkpoint.h - saves and restores a run of alignx-pear learn. */

#ifndef ALIGNX_STAGES_PEAR_CHECKPOINT_H
#define ALIGNX_STAGES_PEAR_CHECKPOINT_H

#include "infer/pear/head_learning.h"
#include "lib/core/buf.h"

/* A row of the learning curve. */
struct pear_evaluation {
	size_t step;
	double loss; /* mean over the steps since the one before */
	struct copy_score held_out;
};

struct pear_run {
	const char *name; /* options, model and heads as text: runs with the same
					   name give the same results */
	struct head_learning_state state;
	struct copy_score before;
	struct buf evaluations; /* struct pear_evaluation */
	double loss;            /* sum over the steps since the last evaluation */
};

void pear_checkpoint_put(const struct pear_run *r, struct buf *b);

/* Restores state, before, evaluations and loss; the number of heads must be set. 1: no such
 * file; -2: it is broken, or of another run. */
int pear_checkpoint_read(struct pear_run *r, const char *file, struct arena *a, struct fault *f);

/* Evaluations as members of a JSON list. */
void pear_checkpoint_put_evaluations(const struct buf *evaluations, struct buf *b);

#endif
