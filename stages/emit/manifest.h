/* manifest.h - the manifest of a data set, merged from those of its parts.
 *
 * The run for part 3 writes DIR/manifest/part-00003.json (output_files.h).  Merging adds
 * up the counts, concatenates the lists of files and writes DIR/manifest.json.  Parts
 * made with different settings are refused. */

#ifndef ALIGNX_STAGES_EMIT_MANIFEST_H
#define ALIGNX_STAGES_EMIT_MANIFEST_H

#include "lib/core/buf.h"
#include "lib/core/fault.h"

/* Merges the parts of a folder and appends the counts and the dimensions
 * covered to out; -2 with a fault. */
int manifest_merge(const char *dir, struct buf *out, struct fault *f);

#endif
