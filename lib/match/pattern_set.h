/* extract_patterns.h - the patterns of all rules.
 *
 * PCRE2 says what matches and where.  Where a text need not be tried for a pattern
 * is found out first (extract_starts.h); that never decides, so results are the
 * same without it.  All patterns are compiled at the start, so that a bad one is
 * told, and made into machine code when they are first tried. */

#ifndef ALIGNX_STAGES_EXTRACT_PATTERNS_H
#define ALIGNX_STAGES_EXTRACT_PATTERNS_H

#include "annotate/rules.h"
#include "annotate/evidence.h"
#include "lib/match/prefilter.h"
#include "lib/match/tokens.h"

struct patterns;

/* Called the first time a pattern reaches the match limit. */
typedef void patterns_limit_fn(void *with, const struct rule *rule,
    const struct rules_value *pattern);

/* fn: told every pattern that is not in order; NULL: the first ends it.  NULL
 * if there was one. */
struct patterns *patterns_new(const struct rules *rules, bool is_prefiltered,
    struct arena *a, rules_fault_fn *fn, void *with, struct fault *f);

/* What finds out where patterns begin; NULL if all are tried everywhere. */
struct starts *patterns_starts(const struct patterns *p);

/* Adds the hits in a text that a glossary has read; returns how often the match limit
 * was reached.  Where it was, the hits before it count. */
size_t patterns_find(struct patterns *p, const struct tokens *t,
    struct hits *hits, patterns_limit_fn *fn, void *with);

void patterns_free(struct patterns *p);		/* NULL is allowed */

#endif
