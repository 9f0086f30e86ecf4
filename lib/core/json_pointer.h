/* pointer.h - RFC 6901 pointers, built from the leaf up and read from the root
 * down. */

#ifndef ALIGNX_LIB_POINTER_H
#define ALIGNX_LIB_POINTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/fault.h"

/* One step of a pointer as it is written: a view, with its ~0 and ~1. */
struct pointer_step {
	const char *ptr;
	size_t len;
};

/* Takes the first step off a pointer; false at its end, or if it is none. */
bool pointer_next(const char **pointer, struct pointer_step *step);

/* Does the step name this member of a map? */
bool pointer_is_name(const struct pointer_step *step, const char *name,
    size_t len);

/* The step as an index into a list; -1 if it is none. */
int64_t pointer_index(const struct pointer_step *step);

/* Puts a step before the fault's pointer: whoever passes a fault on says in
 * which member it happened.  What does not fit falls off at the leaf's end. */
void pointer_under(struct fault *f, const char *name, size_t len);
void pointer_under_index(struct fault *f, size_t index);

#endif
