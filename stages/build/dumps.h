/* dumps.h - finds the dumps that operands name, and what kind each is. */

#ifndef ALIGNX_STAGES_BUILD_DUMPS_H
#define ALIGNX_STAGES_BUILD_DUMPS_H

#include "lib/cli/report.h"
#include "lib/core/arena.h"
#include "stages/build/script.h"

struct build_dumps {
	/* set by the caller */
	const char *source; /* of all; NULL: by name */
	struct report *report;
	struct arena *arena; /* for paths */

	struct build_dump *dump; /* out */
	size_t len, cap;
};

/* Adds a file, kind:file, or every file in a folder that is named like a dump; others are passed
 * over, which is said.  -2 with a fault, also if a folder has none. */
int build_dumps_add(struct build_dumps *d, char *operand, struct fault *f);

#endif
