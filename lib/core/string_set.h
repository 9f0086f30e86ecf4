/* string_set.h - a set of strings that ignores the case of ASCII letters.
 *
 * For lists that users keep in files: bots, authors to be forgotten.  About 40 bytes a
 * string plus the string itself, which is copied to an arena.  A zeroed struct is an empty
 * set; strings cannot be removed. */

#ifndef ALIGNX_LIB_CORE_STRING_SET_H
#define ALIGNX_LIB_CORE_STRING_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/arena.h"
#include "lib/core/fault.h"
#include "lib/core/hash_index.h"
#include "lib/core/text.h"

struct string_set {
	struct text *string; /* in lower case */
	size_t len, cap;
	struct hash_index index;
};

/* Strings are compared by their first 256 bytes. */
void string_set_add(struct string_set *set, struct arena *a, const char *s, size_t len);
bool string_set_has(const struct string_set *set, const char *s, size_t len);
void string_set_release(struct string_set *set);

/* Calls fn with each line of a text, without surrounding blanks and without comments (from
 * '#' at the beginning of a line or after a blank); empty lines are skipped.  Stops at the
 * first call that does not return 0, and returns its result. */
typedef int string_set_line_fn(void *with, const char *line, size_t len, struct fault *f);
int string_set_lines(const char *text, size_t len, string_set_line_fn *fn, void *with,
    struct fault *f);

/* The same with the lines of a file.  -2 if it cannot be read. */
int string_set_file(const char *file, string_set_line_fn *fn, void *with, struct fault *f);

#endif
