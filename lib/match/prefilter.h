/* prefilter.h - where in a text which patterns may match.
 *
 * Reports candidates: a pattern and a place.  Every match begins at a candidate; few
 * candidates are not matches.  README.md describes the stages. */

#ifndef ALIGNX_LIB_MATCH_PREFILTER_H
#define ALIGNX_LIB_MATCH_PREFILTER_H

#include "lib/core/text.h"
#include "lib/match/tokens.h"

/* The place of a candidate that may match anywhere in the text. */
#define PREFILTER_ANYWHERE SIZE_MAX

struct prefilter;

struct prefilter *prefilter_new(void);

/* Adds the pattern that has the next number, from 0.  False if its candidates are
 * PREFILTER_ANYWHERE: it does not always begin at a word, or is not understood. */
bool prefilter_add(struct prefilter *s, const struct text *pattern);

/* To be called before each text; true if no word_prefilter from before is valid any more. */
bool prefilter_refresh(struct prefilter *s);

/* Computes what is known of a token in lower case. */
struct word_prefilter prefilter_look_up(struct prefilter *s, const char *word, size_t len);

/* Prefetches what prefilter_find() reads for two consecutive tokens. */
void prefilter_prefetch(const struct prefilter *s, const struct word_prefilter *first,
    const struct word_prefilter *second);

/* Called once for each candidate, by pattern and then by place; candidates anywhere come
 * first. */
typedef void prefilter_fn(void *with, uint32_t pattern, size_t at);

/* The words of the tokens have been filled in by word_cache.h. */
void prefilter_find(struct prefilter *s, const struct tokens *t, prefilter_fn *fn, void *with);

void prefilter_free(struct prefilter *s); /* NULL is allowed */

#endif
