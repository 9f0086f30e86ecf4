/* lexicon.h - the words and phrases of rules and sets, as phrases for lib/match.
 *
 * The words of a rule have its number as their id; those of a set give their tokens a flag. */

#ifndef ALIGNX_ANNOTATE_LEXICON_H
#define ALIGNX_ANNOTATE_LEXICON_H

#include "annotate/rules.h"
#include "lib/match/phrase_index.h"

/* Flags of tokens. */
enum {
	LEXICON_NEGATION = 1 << RULES_NEGATION,
	LEXICON_LIKE = 1 << RULES_LIKE,
	LEXICON_DISLIKE = 1 << RULES_DISLIKE,
	LEXICON_HEDGE = 1 << RULES_HEDGE,
	LEXICON_INTENSIFIER = 1 << RULES_INTENSIFIER,
	LEXICON_OTHERS = 1 << RULES_OTHERS,
	LEXICON_HYPOTHETICAL = 1 << RULES_HYPOTHETICAL,
	LEXICON_FIRST_PERSON = 1 << RULES_SETS,
	LEXICON_SECOND_PERSON = 2 << RULES_SETS,
	LEXICON_LIKE_PHRASE = 4 << RULES_SETS, /* a like of several words */
	LEXICON_CONTRACTION = 8 << RULES_SETS,
	LEXICON_QUOTED = 16 << RULES_SETS, /* set by attribution.h */
};

/* In the arena; it counts hedges.  NULL with a located fault if a word is not a token. */
struct phrase_index *lexicon_new(const struct rules *rules, struct arena *a, struct fault *f);

/* For word_cache_new(): LEXICON_CONTRACTION or 0. */
uint16_t lexicon_word_flags(const char *word, size_t len);

#endif
