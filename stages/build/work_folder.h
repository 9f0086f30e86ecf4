/* work_folder.h - the folder of a build: clean, locked, and what --resume need not do again.
 *
 * DIR/.work has the results of jobs.  Each is valid as long as what it depends on is the same:
 * of a dump its name, size and time, the options of its stages, the rules; of all later jobs,
 * the results before them and their own options. */

#ifndef ALIGNX_STAGES_BUILD_WORK_FOLDER_H
#define ALIGNX_STAGES_BUILD_WORK_FOLDER_H

#include <stdbool.h>

#include "lib/core/arena.h"
#include "lib/core/fault.h"
#include "stages/build/script.h"

/* Sets the sums of the rules, and the key of each dump; -2 with a fault. */
int work_folder_set_keys(struct build_plan *p, struct build_dump *dump, struct arena *a,
    struct fault *f);

/* Makes and locks the folder, removes what is no longer valid, and writes the script and what
 * build_sum_up() needs.  -2 with a fault, for example if the folder has other files. */
int work_folder_prepare(const struct build_plan *p, bool is_resumed, const struct buf *script,
    struct fault *f);

#endif
