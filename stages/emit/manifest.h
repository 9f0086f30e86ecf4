/* manifest.h - the manifest of a data set, merged from those of its parts.
 *
 * The run for part 3 writes DIR/manifest/part-00003.json (output_files.h).  Merging adds
 * up the counts, concatenates the lists of files and writes DIR/manifest.json.  Parts
 * made with different settings are refused. */

#ifndef ALIGNX_STAGES_EMIT_MANIFEST_H
#define ALIGNX_STAGES_EMIT_MANIFEST_H

#include <stdint.h>

#include "lib/core/buf.h"
#include "lib/core/fault.h"
#include "schema/direction.h"

/* The number of records at each pole of each dimension. */
struct coverage {
	uint64_t pole[2][DIMENSIONS];
};

void coverage_add(struct coverage *c, const struct direction *d);
void coverage_put_json(const struct coverage *c, struct buf *b);

/* Merges the parts of a folder and appends a summary (records, users, dimensions
 * covered) to out; -2 with a fault. */
int manifest_merge(const char *dir, struct buf *out, struct fault *f);

#endif
