/* extract_words.h - the words and phrases of all rules, found in one pass.
 *
 * Made once from the rules.  Each token of a text is looked up once, whole
 * and by the stems it begins with ("photograph*"); phrases are paths from
 * token to token.  The sets of the rule files, and the pronouns that features
 * count, are marks on the tokens. */

#ifndef ALIGNX_STAGES_EXTRACT_WORDS_H
#define ALIGNX_STAGES_EXTRACT_WORDS_H

#include "annotate/rules.h"
#include "annotate/evidence.h"
#include "lib/match/tokens.h"

enum {
	MARK_NEGATION = 1 << RULES_NEGATION,
	MARK_LIKE = 1 << RULES_LIKE,
	MARK_DISLIKE = 1 << RULES_DISLIKE,
	MARK_HEDGE = 1 << RULES_HEDGE,
	MARK_INTENSIFIER = 1 << RULES_INTENSIFIER,
	MARK_OTHERS = 1 << RULES_OTHERS,
	MARK_HYPOTHETICAL = 1 << RULES_HYPOTHETICAL,
	MARK_FIRST_PERSON = 1 << RULES_SETS,
	MARK_SECOND_PERSON = 2 << RULES_SETS,
	MARK_LIKE_PHRASE = 4 << RULES_SETS,	/* of several words */
	MARK_CONTRACTION = 8 << RULES_SETS,
	MARK_QUOTED = 16 << RULES_SETS,		/* by extract_voice.c */
};

struct words;

/* In the arena; NULL with a located fault if a word is none. */
struct words *words_make(const struct rules *rules, struct arena *a,
    struct fault *f);

/* What there is of some kinds in a text. */
struct words_counts {
	size_t hedges, first_person, second_person, contractions;
};

/* Finds out what the lexicon knows of a word in small letters. */
void words_look_up(const struct words *w, const char *key, size_t len,
    struct token_word *out);

/* Marks the tokens of a text that a glossary has read, sets which marks there are, and
 * adds the hits of rules. */
struct words_counts words_find(const struct words *w, struct tokens *t, struct hits *hits);

#endif
