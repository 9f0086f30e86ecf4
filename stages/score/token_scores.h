/* token_scores.h - scores token ids from a file, to compare with other engines. */

#ifndef ALIGNX_STAGES_SCORE_TOKEN_SCORES_H
#define ALIGNX_STAGES_SCORE_TOKEN_SCORES_H

#include "infer/forward/session.h"
#include "lib/core/buf.h"

/* Writes -log p of each id but the first, one a line, and their sum. */
int token_scores(struct session *s, const char *file, struct buf *out, struct fault *f);

#endif
