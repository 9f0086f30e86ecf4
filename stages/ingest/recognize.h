/* recognize.h - tells files that hold no JSON rows by their first bytes. */

#ifndef ALIGNX_STAGES_INGEST_RECOGNIZE_H
#define ALIGNX_STAGES_INGEST_RECOGNIZE_H

#include "lib/io/reader.h"

/* -2 with a fault that says what the file is, and how it becomes JSON; a reader_check_fn. */
int recognize_foreign(const char *name, const uint8_t *head, size_t len, struct fault *f);

#endif
