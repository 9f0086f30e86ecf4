/* words.h - the tokens of words that were seen before.
 *
 * Texts have few words, often.  A table of fixed size keeps the last word for each
 * hash; long ones are not kept. */

#ifndef ALIGNX_INFER_WORDS_H
#define ALIGNX_INFER_WORDS_H

#include <stddef.h>
#include <stdint.h>

enum { WORDS_TEXT = 30, WORDS_IDS = 8 };

struct words;

struct words_entry {
	uint8_t len, ids;
	char text[WORDS_TEXT];
	uint32_t id[WORDS_IDS];
};

struct words *words_new(void);
void words_free(struct words *w);		/* NULL is allowed */

/* The entry for a word.  It holds the word (len is its length), or another one in its
 * place; NULL if the word is too long or empty. */
struct words_entry *words_slot(struct words *w, const char *s, size_t len);

#endif
