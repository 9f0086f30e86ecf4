/* rules_words.h - the form of a word or phrase in a rule file. */

#ifndef ALIGNX_SCHEMA_RULES_WORDS_H
#define ALIGNX_SCHEMA_RULES_WORDS_H

#include "annotate/rules.h"

/* A token of a phrase; a stem stands for every token that begins with it. */
struct rules_part {
	struct text text;		/* a view, without the star */
	bool is_stem;
};

/* Splits a phrase at '_'; the number of its parts, or -1 if there are more
 * than RULES_WORDS_MAX. */
int rules_words_split(const struct text *phrase,
    struct rules_part part[RULES_WORDS_MAX]);

/* What is wrong with a phrase, as half a sentence; NULL if nothing is. */
const char *rules_words_fault(const struct text *phrase);

#endif
