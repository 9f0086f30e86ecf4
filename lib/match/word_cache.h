/* word_cache.h - what is known of a word is computed when it is first met, then cached.
 *
 * People use the same words again and again.  Of words that fall into the same set of the
 * cache, the two that were met last are kept. */

#ifndef ALIGNX_LIB_MATCH_WORD_CACHE_H
#define ALIGNX_LIB_MATCH_WORD_CACHE_H

#include "lib/match/phrase_index.h"
#include "lib/match/prefilter.h"
#include "lib/match/tokens.h"

struct word_cache;

/* Flags of a word, in lower case, that no phrase gives it. */
typedef uint16_t word_flags_fn(const char *word, size_t len);

/* Each may be NULL; the index and the prefilter are borrowed.  In the arena. */
struct word_cache *word_cache_new(const struct phrase_index *phrases, struct prefilter *prefilter,
    word_flags_fn *flags, struct arena *a);

/* Sets the word and flags of each token.  Valid until the next text is read. */
void word_cache_fill(struct word_cache *v, struct tokens *t);

#endif
