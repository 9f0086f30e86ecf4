/* names_left.h - names of authors that are still in a text after names were replaced.
 *
 * For counting: a word that looks like an account name (letters with digits, an underscore, or a
 * capital after a small letter) and is the name of a recent author of the dump.  Words of a
 * dictionary never look so, even if somebody has such a name. */

#ifndef ALIGNX_STAGES_INGEST_NAMES_LEFT_H
#define ALIGNX_STAGES_INGEST_NAMES_LEFT_H

#include "stages/ingest/authors.h"

unsigned names_left(const struct authors *authors, const struct text *text);

#endif
