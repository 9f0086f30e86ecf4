/* extract_starts.h - where in a text which patterns may begin.
 *
 * Nearly all patterns begin at a word.  They are looked at word by word, all at
 * once (extract_classes.h), and only where the text also holds what must stand
 * behind their gaps (extract_parts.h).  For the few others the automaton is run
 * from each place where one of them may begin, and tells where it accepts. */

#ifndef ALIGNX_STAGES_EXTRACT_STARTS_H
#define ALIGNX_STAGES_EXTRACT_STARTS_H

#include "schema/noun.h"
#include "stages/extract_tokens.h"

struct starts;

struct starts *starts_new(void);

/* Patterns are added in the order of their numbers, from 0.  False: the pattern
 * may begin anywhere. */
bool starts_add(struct starts *s, const struct text *pattern);

/* To be called before each text, when all patterns were added; true if what was told
 * of words before is no longer so. */
bool starts_refresh(struct starts *s);

/* Finds out what patterns make of a word, in small letters. */
void starts_look_up(struct starts *s, const char *word, size_t len,
    struct token_word *out);

/* Told of places where a pattern may begin, in rising order for each pattern; of
 * those that are known alone.  What is known of the tokens' words is set. */
typedef void starts_fn(void *with, uint32_t pattern, size_t at);
void starts_find(struct starts *s, const struct tokens *t, starts_fn *fn,
    void *with);

void starts_free(struct starts *s);		/* NULL is allowed */

#endif
