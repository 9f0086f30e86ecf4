/* score_outcome.h - what became of rows: a line for each, and accuracies. */

#ifndef ALIGNX_STAGES_SCORE_OUTCOME_H
#define ALIGNX_STAGES_SCORE_OUTCOME_H

#include "stages/score_batch.h"

/* What is known of a person, as bits of score_row.persona. */
enum { SCORE_HAS_UGC = 1, SCORE_HAS_PAIR = 2, SCORE_HAS_DEMO = 4, SCORE_PERSONAS = 8 };

struct score_outcome {
	struct score_tally {
		uint64_t rows, correct, ties;
	} of[SCORE_PERSONAS];
};

/* Counts a row, and writes it as a JSON line unless b is NULL. */
void score_outcome_add(struct score_outcome *o, const struct score_row *r,
    struct buf *b);

/* A table, tab-separated: a line for each kind of persona, and one for all. */
void score_outcome_print(const struct score_outcome *o, struct buf *b);

#endif
