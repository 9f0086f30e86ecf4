/* extract_patterns.h - the patterns of all rules.
 *
 * PCRE2 says what matches and where.  Hyperscan, where it was built in, reads
 * a text once and says which patterns need not be tried; it never decides, so
 * results are the same without it.  A pattern is compiled by PCRE2 when it is
 * first tried, unless all must be checked: patterns_new() checks them unless
 * it finds the prefilter of just these rules in the cache, which is only
 * written after a check. */

#ifndef ALIGNX_STAGES_EXTRACT_PATTERNS_H
#define ALIGNX_STAGES_EXTRACT_PATTERNS_H

#include "schema/rules.h"
#include "stages/extract_hits.h"
#include "stages/extract_tokens.h"

struct patterns;

/* Called the first time a rule's pattern reaches the match limit. */
typedef void patterns_limit_fn(void *with, const struct rule *rule,
    const struct rules_value *pattern);

/* is_prefiltered: with Hyperscan, if it is built in.  fn: told every pattern
 * that does not compile; NULL: the first ends it.  NULL if there was one. */
struct patterns *patterns_new(const struct rules *rules, bool is_prefiltered,
    struct arena *a, rules_fault_fn *fn, void *with, struct fault *f);

/* Adds the hits in a text; returns how often the match limit was reached.
 * Where it was, the hits before it count. */
size_t patterns_find(struct patterns *p, const struct tokens *t,
    struct hits *hits, patterns_limit_fn *fn, void *with);

void patterns_free(struct patterns *p);		/* NULL is allowed */

#endif
