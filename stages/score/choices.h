/* choices.h - what changes scores and may be a default: said once on standard error where no
 * file and no option says it, and always by --describe. */

#ifndef ALIGNX_STAGES_SCORE_CHOICES_H
#define ALIGNX_STAGES_SCORE_CHOICES_H

#include "lib/cli/report.h"
#include "stages/score/encode.h"

/* -2: an option asks for a token that the vocabulary does not have. */
int choices_check(const struct loaded_model *e, const struct encode_settings *settings,
    struct fault *f);

/* Defaults, a sentence each. */
void choices_say(const struct loaded_model *e, const struct encode_settings *settings,
    struct report *to);

/* Lines for --describe. */
void choices_describe(const struct loaded_model *e, const struct encode_settings *settings,
    struct buf *out);

#endif
