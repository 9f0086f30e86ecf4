/* rules_digest.h - by which rules and which model texts are judged. */

#ifndef ALIGNX_STAGES_BUILD_RULES_DIGEST_H
#define ALIGNX_STAGES_BUILD_RULES_DIGEST_H

#include "lib/core/buf.h"
#include "lib/core/fault.h"

/* Appends the SHA-256 sums of the files in the folder of the rules, as a JSON map; an empty one if
 * there is no such folder, since --map may name another.  -2 with a fault. */
int rules_digest(struct buf *b, struct fault *f);

#endif
