/* check.h - reads dumps through and says whether they are whole (--check). */

#ifndef ALIGNX_STAGES_INGEST_CHECK_H
#define ALIGNX_STAGES_INGEST_CHECK_H

#include "lib/cli/tool.h"

/* piece_size: of the torrent, in bytes; 0: not asked for. */
struct check_options {
	bool is_asked;
	int64_t piece_size;
};

/* Prints what was found of each operand.  0 if all are whole, 1 if rows were refused, 2 if a
 * file is cut, corrupt or cannot be read, -2. */
int check_dumps(const struct check_options *o, struct stage_ctx *t, int n, char **operands,
    struct fault *f);

#endif
