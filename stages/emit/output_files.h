/* output_files.h - the files that a run of alignx-emit writes, and their manifest.
 *
 * A stream is a sequence of files of at most n records each:
 * DIR/train/part-00003-000.msgpack, DIR/test/UGC/part-00003-000.msgpack, ... for
 * shard 3.  Files get their names when they are complete.  DIR/manifest/part-00003.json
 * lists each with records, bytes and SHA-256, and the counts of the run; manifest.h
 * merges these. */

#ifndef ALIGNX_STAGES_EMIT_OUTPUT_FILES_H
#define ALIGNX_STAGES_EMIT_OUTPUT_FILES_H

#include <stdint.h>

#include "lib/core/buf.h"
#include "lib/core/counters.h"
#include "lib/core/fault.h"
#include "stages/emit/coverage.h"

struct output_files;

/* Makes dir if needed.  suffix: ".msgpack" or ".msgpack.zst".  NULL with a fault, also
 * if dir already has files of this part. */
struct output_files *output_files_new(const char *dir, long part, const char *suffix,
    long records_per_file, struct fault *f);

/* Appends one record to a stream ("train", "test/UGC"); -2. */
int output_files_put(struct output_files *e, const char *stream, const struct buf *record,
    struct fault *f);

/* Closes all files and writes their manifest; frees e in any case. */
int output_files_close(struct output_files *e, const char *settings_json,
    const struct coverage *coverage, const struct counters *count, struct fault *f);
void output_files_abandon(struct output_files *e); /* NULL is allowed */

#endif
