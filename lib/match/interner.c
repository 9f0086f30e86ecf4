#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "lib/match/interner.h"

enum { SLOTS_FIRST = 1024 };		/* a power of two; at most half are used */

/* Where a text stands in the table, or would. */
static size_t
slot_of(const struct texts *t, const char *s, size_t len)
{
	size_t i = XXH3_64bits(s, len) & t->mask;

	for (; t->slot[i] != 0; i = (i + 1) & t->mask) {
		const struct text *is = &t->at[t->slot[i] - 1];

		if (is->len == len && memcmp(is->ptr, s, len) == 0)
			break;
	}
	return i;
}

static void
widen(struct texts *t)
{
	if (t->len < t->mask / 2)
		return;
	free(t->slot);
	t->mask = t->mask > 0 ? 2 * t->mask + 1 : SLOTS_FIRST - 1;
	t->slot = arena_array(t->mask + 1, sizeof(*t->slot));
	for (size_t i = 0; i < t->len; i++)
		t->slot[slot_of(t, t->at[i].ptr, t->at[i].len)] = (uint32_t)i + 1;
}

size_t
texts_find(const struct texts *t, const char *s, size_t len)
{
	const uint32_t found = t->len > 0 ? t->slot[slot_of(t, s, len)] : 0;

	return found != 0 ? found - 1 : TEXTS_NONE;
}

size_t
texts_add(struct texts *t, const char *s, size_t len, struct arena *a)
{
	size_t i;

	widen(t);
	i = slot_of(t, s, len);
	if (t->slot[i] == 0) {
		t->at = arena_grown(t->at, t->len, &t->room, sizeof(*t->at));
		t->at[t->len] = (struct text){ arena_dup(a, s, len), len };
		t->slot[i] = (uint32_t)++t->len;
	}
	return t->slot[i] - 1;
}

void
texts_release(struct texts *t)
{
	free(t->at);
	free(t->slot);
	*t = (struct texts){ 0 };
}
