/* phrase_index.h - words and phrases of words, found in one pass over the tokens of a text.
 *
 * A phrase is one to PHRASE_WORDS_MAX words joined by '_'; a word that ends in '*' is a prefix,
 * which every token that begins with it matches: "road_trip*".  Words are found by hash,
 * prefixes by their first three bytes, phrases along the edges of a trie.
 *
 * A phrase has an id, and then its matches are listed; or it has flags, and then the tokens of
 * its matches get them.  Flags and ids are the caller's. */

#ifndef ALIGNX_LIB_MATCH_PHRASE_INDEX_H
#define ALIGNX_LIB_MATCH_PHRASE_INDEX_H

#include "lib/core/arena.h"
#include "lib/core/text.h"
#include "lib/match/match_list.h"
#include "lib/match/tokens.h"

enum {
	PHRASE_WORDS_MAX = 4,
	PHRASE_PREFIX_MIN = 3, /* bytes before '*' */
};

struct phrase {
	struct text text; /* well-formed */
	uint32_t id;
	uint16_t flags; /* not 0: the id is not used */
};

/* A word of a phrase. */
struct phrase_part {
	struct text text; /* a view, without the star */
	bool is_prefix;
};

/* Splits a phrase into its words; their number, or -1 if there are too many. */
int phrase_split(const struct text *phrase, struct phrase_part part[PHRASE_WORDS_MAX]);

struct phrase_index;

/* In the arena.  Phrases with a flag of `counted` are counted by phrase_index_find().  NULL
 * if a word of a phrase is not one token: *bad is the index of the phrase. */
struct phrase_index *phrase_index_new(const struct phrase *phrase, size_t phrases, uint16_t counted,
    struct arena *a, size_t *bad);

/* What is known of a token's key. */
struct word_phrases phrase_index_look_up(const struct phrase_index *w, const char *key, size_t len);

/* Adds the matches in a text whose words word_cache.h has filled in, sets the flags of its
 * tokens, and returns how many counted phrases there are. */
size_t phrase_index_find(const struct phrase_index *w, struct tokens *t,
    struct match_list *matches);

#endif
