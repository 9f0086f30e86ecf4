/* generate.h - greedy decoding, to see what a model answers. */

#ifndef ALIGNX_STAGES_SCORE_GENERATE_H
#define ALIGNX_STAGES_SCORE_GENERATE_H

#include "stages/score/loaded_model.h"

/* Continues n ids with the likeliest token, up to `max` times, until it is a control token or
 * the context is full; text: what was generated, *tokens: how many.  Bytes that are not UTF-8
 * become '?'. -1: the ids do not fit. */
int score_generate(struct session *s, const struct loaded_model *e, const uint32_t *id, size_t n,
    size_t max, struct buf *text, size_t *tokens, struct fault *f);

#endif
