/* token_cache.h - caches the tokens of words: texts repeat few words often.
 *
 * A direct-mapped table of fixed size: a word replaces the last one with its hash.  Long
 * words are not cached. */

#ifndef ALIGNX_INFER_TOKENIZER_TOKEN_CACHE_H
#define ALIGNX_INFER_TOKENIZER_TOKEN_CACHE_H

#include <stddef.h>
#include <stdint.h>

enum { TOKEN_CACHE_BYTES = 30, TOKEN_CACHE_IDS = 8 };

struct token_cache;

struct token_cache_entry {
	uint8_t len, ids; /* len 0: empty */
	char text[TOKEN_CACHE_BYTES];
	uint32_t id[TOKEN_CACHE_IDS];
};

struct token_cache *token_cache_new(void);
void token_cache_free(struct token_cache *c); /* NULL is allowed */

/* The entry of a word: filled if its len is that of the word, else empty, with the text
 * already in place.  NULL if the word is empty or too long. */
struct token_cache_entry *token_cache_slot(struct token_cache *c, const char *s, size_t len);

#endif
