#include "config.h"

#include <stdlib.h>
#include <xxhash.h>

#include "lib/match/interner.h"

static size_t
find(const struct interner *t, const struct text *s, uint64_t hash)
{
	struct hash_probe probe = hash_index_probe(&t->index, hash);

	while (hash_probe_next(&probe))
		if (text_equals(&t->at[probe.number], s))
			return probe.number;
	return INTERNER_NONE;
}

size_t
interner_find(const struct interner *t, const char *s, size_t len)
{
	return find(t, &(struct text){ s, len }, XXH3_64bits(s, len));
}

size_t
interner_add(struct interner *t, const char *s, size_t len, struct arena *a)
{
	const uint64_t hash = XXH3_64bits(s, len);
	const size_t found = find(t, &(struct text){ s, len }, hash);

	if (found != INTERNER_NONE)
		return found;
	t->at = arena_grow_array(t->at, t->len, &t->cap, sizeof(*t->at));
	t->at[t->len] = (struct text){ arena_strndup(a, s, len), len };
	hash_index_add(&t->index, hash, t->len);
	return t->len++;
}

void
interner_release(struct interner *t)
{
	free(t->at);
	hash_index_release(&t->index);
	*t = (struct interner){ 0 };
}
