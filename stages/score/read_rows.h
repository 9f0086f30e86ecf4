/* read_rows.h - the rows to be scored, in the forms in which they come. */

#ifndef ALIGNX_STAGES_SCORE_READ_ROWS_H
#define ALIGNX_STAGES_SCORE_READ_ROWS_H

#include "schema/messages.h"

/* Reads a record or a row of a benchmark (such as P-Soups); or, if is_pair, prompt, chosen and
 * rejected of any map. *descriptor: what it was read as. */
int read_row(const msgpack_object *tree, bool is_pair, struct arena *a, struct record *r,
    const struct descriptor **descriptor, struct fault *f);

/* Scores without a model: dimensions on which profile and row's direction agree, less those on
 * which they differ, neutral ones not counted; the chosen response gets *sum, the rejected
 * -*sum. -1: the row has no direction or no profile. */
int direction_agreement(const struct record *r, const struct descriptor *descriptor,
    bool uses_released_rounding, int *sum, struct fault *f);

#endif
