/* word_frequency.h - estimates how frequent a word is in English texts. */

#ifndef ALIGNX_LIB_MATCH_WORD_FREQUENCY_H
#define ALIGNX_LIB_MATCH_WORD_FREQUENCY_H

#include <stdbool.h>

#include "lib/core/text.h"

/* The share of words that are this one if it is whole, that begin with it or hold it if not. */
double word_frequency(const struct text *word, bool is_whole);

#endif
