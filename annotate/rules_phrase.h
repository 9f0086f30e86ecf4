/* rules_phrase.h - the form of a word or phrase in a rule file. */

#ifndef ALIGNX_ANNOTATE_RULES_PHRASE_H
#define ALIGNX_ANNOTATE_RULES_PHRASE_H

#include "lib/match/phrase_index.h"

/* What is wrong with a phrase, as half a sentence, or NULL. */
const char *rules_phrase_fault(const struct text *phrase);

#endif
