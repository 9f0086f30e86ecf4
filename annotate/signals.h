/* signals.h - from an interaction to its signals.
 *
 * Holds the rules ready for use: their phrases and patterns (lib/match), their features and
 * the communities, and the memory they work in.  A program has one. */

#ifndef ALIGNX_ANNOTATE_SIGNALS_H
#define ALIGNX_ANNOTATE_SIGNALS_H

#include "annotate/features.h"
#include "annotate/rules.h"
#include "lib/core/counters.h"
#include "schema/messages.h"

struct engine;

/* fn is called with each bad pattern; NULL: the first one ends it.  NULL with a located fault
 * if a rule is bad.  is_prefiltered: false tries all patterns everywhere, for tests. */
struct engine *engine_new(const struct rules *rules, bool is_prefiltered,
    struct arena *a, rules_fault_fn *fn, void *with, struct fault *f);

/* With the rules of a folder. */
struct engine *engine_open(const char *folder, bool is_prefiltered, struct arena *a,
    struct fault *f);

/* Counts "match-limit", "text-cut", "signals" and "with-signals".  limit is called the first
 * time that a pattern reaches the match limit. */
void engine_watch(struct engine *e, struct count *count, rules_fault_fn *limit, void *with);

/* Called for each match that counts, with its text (valid during engine_run()), and how often
 * it votes for its rule's own pole and for the other. */
typedef void engine_hit_fn(void *with, const struct rule *rule,
    const struct text *matched, unsigned own, unsigned other);

void engine_watch_hits(struct engine *e, engine_hit_fn *fn, void *with);

const struct rules *engine_rules(const struct engine *e);

/* Of the last interaction. */
const struct features *engine_features(const struct engine *e);

/* Sets x->signals (valid until the next call), in the order of the rules, then those of its
 * community, and x->rules. */
void engine_run(struct engine *e, struct interaction *x);

void engine_free(struct engine *e);		/* NULL is allowed */

#endif
