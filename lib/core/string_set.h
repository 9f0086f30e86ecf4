/* nameset.h - a set of names, in which upper and lower case are the same.
 *
 * Lists that users keep in files: who is a robot, who is to be forgotten.
 * About 40 bytes for each name, in the arena that is given; nothing is taken
 * out again. */

#ifndef ALIGNX_LIB_NAMESET_H
#define ALIGNX_LIB_NAMESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/arena.h"
#include "lib/core/fault.h"

struct nameset {
	struct nameset_entry { const char *name; uint32_t len, hash; } *slot;
	size_t slots, len;
};

void nameset_add(struct nameset *set, struct arena *a, const char *name,
    size_t len);
bool nameset_has(const struct nameset *set, const char *name, size_t len);

/* Calls fn with each line of a text that is not empty, without the blanks
 * round it and without comments (from '#' at the beginning of a line or behind
 * a blank); stops at the first that does not return 0. */
typedef int nameset_line_fn(void *with, const char *line, size_t len,
    struct fault *f);
int nameset_lines(const char *text, size_t len, nameset_line_fn *fn, void *with,
    struct fault *f);

/* The same with the lines of a file.  -2 if it cannot be read. */
int nameset_file(const char *file, nameset_line_fn *fn, void *with,
    struct fault *f);

#endif
