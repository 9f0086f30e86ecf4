/* emit_files.h - the files a run of alignx-emit writes, and its manifest.
 *
 * A stream is a run of files of at most so many records each:
 * DIR/train/part-00003-000.msgpack, DIR/test/UGC/part-00003-000.msgpack, ...
 * (part 3 of the shuffle).  Files get their names when they are whole.  The
 * manifest part lists each with records, bytes and SHA-256, and what the run
 * counted; emit_manifest.h merges the parts. */

#ifndef ALIGNX_STAGES_EMIT_FILES_H
#define ALIGNX_STAGES_EMIT_FILES_H

#include <stdint.h>

#include "lib/core/buf.h"
#include "lib/core/counters.h"
#include "lib/core/fault.h"
#include "stages/emit/manifest.h"

struct emit_files;

/* dir is made if it is not there.  suffix: ".msgpack" or ".msgpack.zst". */
struct emit_files *emit_files_new(const char *dir, long part,
    const char *suffix, long records_per_file, struct fault *f);

/* Appends one record to a stream ("train", "test/UGC"). */
int emit_files_put(struct emit_files *e, const char *stream,
    const struct buf *record, struct fault *f);

/* Closes all files and writes DIR/manifest/part-00003.json; frees in any case. */
int emit_files_close(struct emit_files *e, const char *settings_json,
    const struct coverage *coverage, const struct count *count, struct fault *f);
void emit_files_abandon(struct emit_files *e);		/* NULL is allowed */

#endif
