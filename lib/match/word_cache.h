/* extract_glossary.h - all that is known of a word, looked up once.
 *
 * People use the same words again and again.  What the lexicon
 * (extract_words.h) and the patterns (extract_starts.h) make of a word is found
 * out when it is met, and remembered for a bounded number of words: of those that
 * fall together the ones that were met last. */

#ifndef ALIGNX_STAGES_EXTRACT_GLOSSARY_H
#define ALIGNX_STAGES_EXTRACT_GLOSSARY_H

#include "lib/match/prefilter.h"
#include "lib/match/tokens.h"
#include "lib/match/phrase_index.h"

struct glossary;

/* Either may be NULL; both live on.  In the arena. */
struct glossary *glossary_new(const struct words *words,
    struct starts *starts, struct arena *a);

/* Sets what is known of each token.  Valid until the next text is read. */
void glossary_read(struct glossary *v, struct tokens *t);

#endif
