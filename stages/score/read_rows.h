/* read_row.h - rows to be scored, in the forms in which they come. */

#ifndef ALIGNX_STAGES_SCORE_READ_ROWS_H
#define ALIGNX_STAGES_SCORE_READ_ROWS_H

#include "schema/messages.h"

/* Reads a record or a row of a test set (P-Soups and the like); or, if they are
 * plain pairs, prompt, chosen and rejected of any map, whatever else it holds.
 * *layout is what the row was read with. */
int read_row(const msgpack_object *tree, bool is_pair, struct arena *a,
    struct record *r, const struct layout **layout, struct fault *f);

/* Without a model: on how many dimensions profile and comparison agree, less those
 * on which they do not.  A floor for models, and all right where the row's
 * direction is the person's.  is_compat: as prompt_profile().  -1: one of both is missing. */
int direction_agreement(const struct record *r, const struct layout *layout,
    bool is_compat, int *sum, struct fault *f);

#endif
