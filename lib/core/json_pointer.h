/* json_pointer.h - RFC 6901 pointers: read from the root down, built from the leaf up. */

#ifndef ALIGNX_LIB_CORE_JSON_POINTER_H
#define ALIGNX_LIB_CORE_JSON_POINTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/fault.h"

/* One step of a pointer, a view of it as written (with its ~0 and ~1). */
struct json_pointer_step {
	const char *ptr;
	size_t len;
};

/* Takes the first step off a pointer; false at its end, or if it does not begin with '/'. */
bool json_pointer_next(const char **pointer, struct json_pointer_step *step);

/* Does the step name this member of a map? */
bool json_pointer_matches(const struct json_pointer_step *step, const char *name, size_t len);

/* The step as an index into a list; -1 if it is not a number. */
int64_t json_pointer_index(const struct json_pointer_step *step);

/* Prepends a step to the fault's pointer: a function that passes a fault on adds the member
 * in which it occurred.  If the buffer is full, the end of the pointer is cut off. */
void json_pointer_prepend(struct fault *f, const char *name, size_t len);
void json_pointer_prepend_index(struct fault *f, size_t index);

#endif
