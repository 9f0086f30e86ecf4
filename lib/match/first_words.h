/* first_words.h - which patterns may begin with a word, and which may have it second.
 *
 * A pattern that begins at a word boundary is tried only where the word there may be its first
 * and the next word its second.  Two lazy DFAs of all patterns read a word on its own: one
 * starts where patterns begin, the other after their first words. */

#ifndef ALIGNX_LIB_MATCH_FIRST_WORDS_H
#define ALIGNX_LIB_MATCH_FIRST_WORDS_H

#include "lib/match/bitset_pool.h"
#include "lib/match/lazy_dfa.h"

struct first_words_dfa {
	struct lazy_dfa dfa;
	uint32_t start;
	uint16_t *bitset; /* of each DFA state, if a word ends there: 1 + number;
					   0: not made yet */
};

struct first_words {
	const struct nfa *nfa;
	struct bitset_pool *pool;
	struct u32_list starts;     /* NFA states where patterns begin */
	struct u32_list seconds;    /* NFA states that may read the first byte of a second word */
	struct u32_list any_second; /* patterns that may have any word second, or none */
	struct first_words_dfa first, second;
	uint32_t at_end;    /* bitset of any_second */
	bool *can_end_word; /* of NFA states: may a word end there? */
};

/* A pattern that begins at a word boundary; its NFA states begin at `base`. */
void first_words_add(struct first_words *o, const struct nfa *n, uint32_t pattern, uint32_t base,
    uint32_t start);

/* Sets o->can_end_word; called by first_words_init(). */
void first_words_find_ends(struct first_words *o);

/* When all patterns were added. */
void first_words_init(struct first_words *o, const struct nfa *n, struct bitset_pool *pool,
    struct lazy_dfa_scratch *scratch);

bool first_words_is_full(const struct first_words *o);

/* When the pool was reset. */
void first_words_reset(struct first_words *o);

/* The bitset of a word in lower case, which may have apostrophes and other bytes in it; no
 * letter, digit or '_' follows it in the text. */
uint32_t first_words_first(struct first_words *o, const char *word, size_t len);
uint32_t first_words_second(struct first_words *o, const char *word, size_t len);

/* The bitset of patterns that need no second word. */
static inline uint32_t
first_words_at_end(const struct first_words *o)
{
	return o->at_end;
}

void first_words_release(struct first_words *o);

#endif
