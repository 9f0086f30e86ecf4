#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "infer/tokenizer/token_cache.h"
#include "lib/core/arena.h"

enum { ENTRIES = 1 << 15 };

struct token_cache {
	struct token_cache_entry entry[ENTRIES];
};

struct token_cache *
token_cache_new(void)
{
	return arena_calloc(1, sizeof(struct token_cache));
}

void
token_cache_free(struct token_cache *c)
{
	free(c);
}

struct token_cache_entry *
token_cache_slot(struct token_cache *c, const char *s, size_t len)
{
	struct token_cache_entry *e;

	if (len == 0 || len > TOKEN_CACHE_BYTES)
		return NULL;
	e = &c->entry[XXH3_64bits(s, len) % ENTRIES];
	if (e->len != len || memcmp(e->text, s, len) != 0) {
		memcpy(e->text, s, len);
		e->len = 0;
	}
	return e;
}
