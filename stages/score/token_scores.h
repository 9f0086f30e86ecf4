/* token_scores.h - scores of raw token ids, to check against other engines. */

#ifndef ALIGNX_STAGES_SCORE_TOKEN_SCORES_H
#define ALIGNX_STAGES_SCORE_TOKEN_SCORES_H

#include "infer/forward/session.h"
#include "lib/core/buf.h"

/* Reads ids, numbers between white space, from a file and writes -log p of each
 * but the first, one a line, and their sum. */
int token_scores(struct session *s, const char *file, struct buf *out,
    struct fault *f);

#endif
