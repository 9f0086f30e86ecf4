/* suggest.h - which word was meant by one that does not exist. */

#ifndef ALIGNX_LIB_CLI_SUGGEST_H
#define ALIGNX_LIB_CLI_SUGGEST_H

#include <stddef.h>

struct suggest {
	const char *typed;
	size_t len;
	const char *nearest; /* NULL: nothing is near */
	size_t below;        /* only a smaller distance replaces it */
};

struct suggest suggest_for(const char *typed, size_t len);

/* Keeps the candidate if it is nearer than those before: by Damerau-Levenshtein distance
 * (optimal string alignment), or because the typed word begins it. */
void suggest_consider(struct suggest *s, const char *candidate);

#endif
