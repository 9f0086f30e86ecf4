/* score_describe.h - what a model file is, for people. */

#ifndef ALIGNX_STAGES_SCORE_DESCRIBE_H
#define ALIGNX_STAGES_SCORE_DESCRIBE_H

#include "infer/session.h"
#include "lib/buf.h"

void score_describe(const struct model *m, const struct session_options *o,
    struct buf *out);

#endif
