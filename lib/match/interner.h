/* interner.h - strings, each kept once and known by its number (0, 1, 2, ...). */

#ifndef ALIGNX_LIB_MATCH_INTERNER_H
#define ALIGNX_LIB_MATCH_INTERNER_H

#include <stddef.h>
#include <stdint.h>

#include "lib/core/arena.h"
#include "lib/core/hash_index.h"
#include "lib/core/text.h"

#define INTERNER_NONE SIZE_MAX

struct interner {
	struct text *at;
	size_t len, cap;
	struct hash_index index;
};

/* The number of a string, or INTERNER_NONE. */
size_t interner_find(const struct interner *t, const char *s, size_t len);

/* The number of a string; a new one is copied to the arena. */
size_t interner_add(struct interner *t, const char *s, size_t len, struct arena *a);

void interner_release(struct interner *t);

#endif
