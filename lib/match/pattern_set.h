/* pattern_set.h - many PCRE2 patterns over one text.
 *
 * PCRE2 decides what matches and where; a prefilter (prefilter.h) only says where it need not
 * try, so the matches are the same without it.  Patterns ignore case.  One that has often
 * been tried is compiled to machine code. */

#ifndef ALIGNX_LIB_MATCH_PATTERN_SET_H
#define ALIGNX_LIB_MATCH_PATTERN_SET_H

#include "lib/core/fault.h"
#include "lib/core/text.h"
#include "lib/match/match_list.h"
#include "lib/match/prefilter.h"
#include "lib/match/tokens.h"

struct pattern_set;

struct pattern_set *pattern_set_new(bool is_prefiltered);

/* Adds the pattern that has the next number, from 0; its matches have the id.  The text is
 * borrowed.  -2: it is not a pattern, or matches the empty string. */
int pattern_set_add(struct pattern_set *p, const struct text *pattern, uint32_t id,
    struct fault *f);

/* NULL if there is none. */
struct prefilter *pattern_set_prefilter(const struct pattern_set *p);

/* Called the first time that a pattern reaches the match limit. */
typedef void pattern_set_limit_fn(void *with, size_t pattern);

/* Adds the matches in a text whose words word_cache.h has filled in.  Returns how many
 * patterns reached the match limit; their earlier matches are added. */
size_t pattern_set_find(struct pattern_set *p, const struct tokens *t, struct match_list *matches,
    pattern_set_limit_fn *fn, void *with);

void pattern_set_free(struct pattern_set *p); /* NULL is allowed */

#endif
