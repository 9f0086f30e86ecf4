/* check_options.h - asks every stage whether it takes its options, before any work. */

#ifndef ALIGNX_STAGES_BUILD_CHECK_OPTIONS_H
#define ALIGNX_STAGES_BUILD_CHECK_OPTIONS_H

#include "lib/core/fault.h"
#include "stages/build/script.h"

/* -2 if a stage refuses an option or the kind of a dump, which it has then reported itself. */
int build_check_options(const struct build_plan *p, struct fault *f);

#endif
