/* memory_number.h - for lib/core/memory_limit.c and lib/core/memory_group.c. */

#ifndef ALIGNX_INFER_MEMORY_NUMBER_H
#define ALIGNX_INFER_MEMORY_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* The number in the first line of a file that begins with `name`. */
bool memory_number(const char *file, const char *name, uint64_t *out);

#endif
