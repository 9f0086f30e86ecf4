/* plain_words.h - a comment as plain words, which patterns can match.
 *
 * Words are in lower case, with one mark between two of them: a blank, a comma, a full stop
 * (which is any other punctuation too), a question mark, or a double quote where something is
 * quoted.  There is a mark before the first word and a stop after the last.  Quoted lines, marks
 * of emphasis and apostrophes in words are left out: "I'm a *bot*!" is ".im a bot.". */

#ifndef ALIGNX_STAGES_INGEST_PLAIN_WORDS_H
#define ALIGNX_STAGES_INGEST_PLAIN_WORDS_H

#include "lib/core/buf.h"

void plain_words_add(struct buf *out, const char *text, size_t len);

#endif
