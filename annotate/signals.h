/* extract_engine.h - from an interaction to its signals.
 *
 * Holds the rules ready for use: the lexicon, the patterns, the features and
 * the communities, and the room they work in.  One per program; in the arena
 * that is given, but for what engine_free() gives back. */

#ifndef ALIGNX_STAGES_EXTRACT_ENGINE_H
#define ALIGNX_STAGES_EXTRACT_ENGINE_H

#include "lib/core/counters.h"
#include "schema/messages.h"
#include "annotate/rules.h"
#include "annotate/features.h"
#include "lib/match/pattern_set.h"

struct engine;

/* fn: told every pattern that is not in order; NULL: the first ends it.  NULL
 * with a located fault if a rule is not in order. */
struct engine *engine_new(const struct rules *rules, bool is_prefiltered,
    struct arena *a, rules_fault_fn *fn, void *with, struct fault *f);

/* The same with the rules of a folder. */
struct engine *engine_open(const char *folder, bool is_prefiltered, struct arena *a,
    struct fault *f);

/* Counts "match-limit", "text-cut", "signals", "with-signals"; limit is called
 * the first time a pattern reaches the match limit. */
void engine_watch(struct engine *e, struct count *count,
    patterns_limit_fn *limit, void *with);

/* Told of each hit that counts, with the words that it is of (they stay for as
 * long as engine_run() does), and how often it speaks for its rule's own pole
 * and for the other. */
typedef void engine_hit_fn(void *with, const struct rule *rule,
    const struct text *matched, unsigned own, unsigned other);

void engine_watch_hits(struct engine *e, engine_hit_fn *fn, void *with);

const struct rules *engine_rules(const struct engine *e);

/* What was measured of the last interaction. */
const struct features *engine_features(const struct engine *e);

/* Sets x->signals (until the next call), in the order of the rules, then those of its
 * community, and x->rules.  Only the text and what the features are measured of are read. */
void engine_run(struct engine *e, struct interaction *x);

void engine_free(struct engine *e);		/* NULL is allowed */

#endif
