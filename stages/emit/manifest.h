/* emit_manifest.h - what was made: manifest parts, and one manifest of them.
 *
 * DIR/manifest/part-00003.json is written by the run for part 3; merging adds
 * the counts up, joins the lists of files in the order of the parts and writes
 * DIR/manifest.json.  Parts made with different settings are refused. */

#ifndef ALIGNX_STAGES_EMIT_MANIFEST_H
#define ALIGNX_STAGES_EMIT_MANIFEST_H

#include <stdint.h>

#include "lib/core/buf.h"
#include "lib/core/fault.h"
#include "schema/direction.h"

/* How many records point to each pole of each dimension. */
struct coverage {
	uint64_t pole[2][DIMENSIONS];
};

void coverage_add(struct coverage *c, const struct direction *d);
void coverage_put_json(const struct coverage *c, struct buf *b);

/* Merges the parts of a folder; summary (a table for a person: records, users,
 * dimensions covered) is appended to out. */
int manifest_merge(const char *dir, struct buf *out, struct fault *f);

#endif
