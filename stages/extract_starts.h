/* extract_starts.h - where in a text which patterns may begin.
 *
 * Runs the automaton of all patterns (extract_nfa.h) from each place where one
 * of them may begin, and tells where it accepts.  What it is made to do is
 * remembered as states of a deterministic automaton, so that a place costs a
 * table look-up or two for each byte, whatever the number of patterns; most
 * runs end after a few bytes.  The memory for that is bounded: when it is
 * full, all is forgotten. */

#ifndef ALIGNX_STAGES_EXTRACT_STARTS_H
#define ALIGNX_STAGES_EXTRACT_STARTS_H

#include "stages/extract_nfa.h"
#include "stages/extract_tokens.h"

struct starts;

struct starts *starts_new(void);

/* Patterns are added in the order of their numbers, from 0. */
struct nfa_pattern starts_add(struct starts *s, const struct text *pattern);

/* Told of each place where a pattern may begin, in rising order, each pattern
 * once for a place; of those that are known alone. */
typedef void starts_fn(void *with, uint32_t pattern, size_t at);
void starts_find(struct starts *s, const struct tokens *t, starts_fn *fn,
    void *with);

void starts_free(struct starts *s);		/* NULL is allowed */

#endif
