/* rules_file.h - reading one file of a rule folder (for rules_load() alone).
 *
 * Both kinds of file are lines of text; what is wrong with a line is told by
 * rules_blame(), with its place. */

#ifndef ALIGNX_SCHEMA_RULES_FILE_H
#define ALIGNX_SCHEMA_RULES_FILE_H

#include "lib/core/string_set.h"
#include "annotate/rules.h"

/* A folder being read. */
struct rules_reading {
	struct rules *rules;
	struct arena *arena;
	struct nameset ids;		/* of the rules so far */
	const char *file;
	int line;
	rules_fault_fn *fn;		/* NULL: the first fault ends it */
	void *with;
	struct fault *fault;
	size_t faults;
};

/* Tells a fault of a line of the file in hand; 0 if reading goes on, or -2. */
int rules_blame(struct rules_reading *r, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Room for one more of an array that grows in the arena, cleared; *array and
 * *len are changed. */
void *rules_push(struct arena *a, void **array, size_t *len, size_t size);

int rules_file_read(struct rules_reading *r, const char *text, size_t len);
int rules_communities_read(struct rules_reading *r, const char *text,
    size_t len);

#endif
