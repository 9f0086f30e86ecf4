/* score_generate.h - what a model answers by itself: the likeliest token, again and
 * again. */

#ifndef ALIGNX_STAGES_SCORE_GENERATE_H
#define ALIGNX_STAGES_SCORE_GENERATE_H

#include "stages/score/loaded_model.h"

/* Appends up to `most` tokens behind n ids to text, until one is a control token or
 * the room or the context is full; *tokens is how many that were.  Bytes that are
 * no UTF-8 become '?'.  -1: the ids do not fit. */
int score_generate(struct session *s, const struct loaded_model *e,
    const uint32_t *id, size_t n, size_t most, struct buf *text, size_t *tokens,
    struct fault *f);

#endif
