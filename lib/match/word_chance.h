/* word_chance.h - about how often a word of an English text is a given one. */

#ifndef ALIGNX_LIB_MATCH_WORD_CHANCE_H
#define ALIGNX_LIB_MATCH_WORD_CHANCE_H

#include <stdbool.h>

#include "lib/core/text.h"

/* Of words that are this one if it is whole, that begin with it or hold it if not. */
double word_chance(const struct text *word, bool is_whole);

#endif
