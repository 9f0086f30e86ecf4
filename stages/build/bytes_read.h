/* bytes_read.h - how much of a file the alignx-ingest processes of this machine have read. */

#ifndef ALIGNX_STAGES_BUILD_BYTES_READ_H
#define ALIGNX_STAGES_BUILD_BYTES_READ_H

#include <stdint.h>

/* The sum of their positions in the files that they have open and that are among the n named. */
uint64_t bytes_read(const char *const *file, size_t n);

#endif
