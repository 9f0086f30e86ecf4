/* file.h - reads a whole small file. */

#ifndef ALIGNX_LIB_CORE_FILE_H
#define ALIGNX_LIB_CORE_FILE_H

#include <stddef.h>

#include "lib/core/arena.h"
#include "lib/core/fault.h"

/* The bytes of a file, with a NUL after them; NULL with a fault if it cannot be read or has
 * more than `most` bytes. */
char *file_read(const char *name, size_t most, struct arena *a, size_t *len, struct fault *f);

#endif
