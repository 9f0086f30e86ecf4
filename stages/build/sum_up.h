/* sum_up.h - the funnel of a build: what became of every row, for each data set and in all.
 *
 * Reads the counts that the jobs left in DIR/.work, prints them, and writes DIR/.work/manifest.json:
 * the manifest of alignx-emit --merge, and how the data were made: dumps with size and SHA-256,
 * options, rules, the funnel, and what a user may not expect. */

#ifndef ALIGNX_STAGES_BUILD_SUM_UP_H
#define ALIGNX_STAGES_BUILD_SUM_UP_H

#include "lib/cli/report.h"
#include "lib/core/buf.h"
#include "lib/core/fault.h"

/* 0; 1 if there is no record, no test part though one was asked for, or a dump that is broken or
 * of which more than one row in twenty was refused; -2 with a fault. */
int build_sum_up(const char *dir, struct report *r, struct buf *out, struct fault *f);

#endif
