/* describe.h - describes a model file in lines of text. */

#ifndef ALIGNX_STAGES_SCORE_DESCRIBE_H
#define ALIGNX_STAGES_SCORE_DESCRIBE_H

#include "stages/score/options.h"

void score_describe(struct loaded_model *e, const struct score_options *options,
    const struct session_options *o, struct arena *life, struct buf *out);

#endif
