/* rules_file.h - reading the files of a rule folder, for rules_load().
 *
 * Both kinds of file are lines of text; what is wrong with a line is reported by
 * rules_blame(), with its place. */

#ifndef ALIGNX_ANNOTATE_RULES_FILE_H
#define ALIGNX_ANNOTATE_RULES_FILE_H

#include "annotate/rules.h"
#include "lib/core/string_set.h"

/* A folder that is being read. */
struct rules_reader {
	struct rules *rules;
	struct arena *arena;
	struct string_set ids; /* of the rules so far */
	const char *file;
	int line;
	rules_fault_fn *fn; /* NULL: the first fault ends it */
	void *with;
	struct fault *fault;
	size_t faults;
};

/* Reports a fault in a line of the current file; 0 if reading goes on, or -2. */
int rules_blame(struct rules_reader *r, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a zeroed element to an array that grows in the arena; *array and *len change. */
void *rules_push(struct arena *a, void **array, size_t *len, size_t size);

int rules_file_read(struct rules_reader *r, const char *text, size_t len);
int rules_communities_read(struct rules_reader *r, const char *text, size_t len);

#endif
