#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "infer/tokenizer/token_cache.h"
#include "lib/core/arena.h"

enum { SLOTS = 1 << 15 };

struct words {
	struct words_entry entry[SLOTS];
};

struct words *
words_new(void)
{
	struct words *w = calloc(1, sizeof(*w));

	if (w == NULL)
		arena_exhausted();
	return w;
}

void
words_free(struct words *w)
{
	free(w);
}

struct words_entry *
words_slot(struct words *w, const char *s, size_t len)
{
	struct words_entry *e;

	if (len == 0 || len > WORDS_TEXT)
		return NULL;
	e = &w->entry[XXH3_64bits(s, len) % SLOTS];
	if (e->len != len || memcmp(e->text, s, len) != 0) {
		memcpy(e->text, s, len);
		e->len = 0;
	}
	return e;
}
