/* pear_checkpoint.h - a run of alignx-pear learn as it stands, to be taken up again. */

#ifndef ALIGNX_STAGES_PEAR_CHECKPOINT_H
#define ALIGNX_STAGES_PEAR_CHECKPOINT_H

#include "infer/pear/head_learning.h"
#include "lib/core/buf.h"

/* What learning has told so far. */
struct pear_event {
	size_t step;
	double loss;			/* mean over the steps since the one before */
	struct copy_score held_out;
};

struct pear_run {
	const char *name;		/* settings, heads and model in one line: two runs
					   with one name go the same way */
	struct head_learning_state state;
	struct copy_score before;
	struct buf events;		/* struct pear_event */
	double loss;			/* sum over the steps since the last event */
};

void pear_checkpoint_put(const struct pear_run *r, struct buf *b);

/* Sets state, before, events and loss, of as many heads as the run has.  1: there
 * is no such file; -2 with a sentence: it is broken, or of another run. */
int pear_checkpoint_read(struct pear_run *r, const char *file, struct arena *a,
    struct fault *f);

/* Events as members of a JSON list. */
void pear_checkpoint_put_events(const struct buf *events, struct buf *b);

#endif
