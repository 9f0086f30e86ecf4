/* run_script.h - runs the script of a build, and shows how far it is. */

#ifndef ALIGNX_STAGES_BUILD_RUN_SCRIPT_H
#define ALIGNX_STAGES_BUILD_RUN_SCRIPT_H

#include "lib/core/fault.h"
#include "stages/build/script.h"

/* Its exit status; -2 if it cannot be run.  On a terminal one line shows the stage, what is
 * done of all, bytes a second of the dumps, and the time left. */
int run_script(const struct build_plan *p, struct fault *f);

#endif
