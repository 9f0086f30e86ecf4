/* mapped_file.h - a file mapped into memory, read only.
 *
 * Weights are views into it: nothing is copied, and what is not used is not read.
 * The file must not be truncated while it is mapped. */

#ifndef ALIGNX_INFER_MODEL_MAPPED_FILE_H
#define ALIGNX_INFER_MODEL_MAPPED_FILE_H

#include <stddef.h>

#include "lib/core/fault.h"

struct mapped_file {
	const unsigned char *data;
	size_t len;
};

int mapped_file_open(struct mapped_file *m, const char *name, struct fault *f); /* -2 */
void mapped_file_close(struct mapped_file *m);

/* Frees the memory of pages that will hardly be read again; a later access reads them
 * from the file. */
void mapped_file_drop(const void *data, size_t len);

#endif
