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

struct signal_finder;

/* fn is called with each bad pattern; NULL: the first one ends it.  NULL with a located fault
 * if a rule is bad.  is_prefiltered: false tries all patterns everywhere, for tests. */
struct signal_finder *signals_new(const struct rules *rules, bool is_prefiltered, struct arena *a,
    rules_fault_fn *fn, void *with, struct fault *f);

/* With the rules of a folder. */
struct signal_finder *signals_open(const char *folder, bool is_prefiltered, struct arena *a,
    struct fault *f);

/* Counts "match-limit", "text-cut", "signals" and "with-signals".  limit is called the first
 * time that a pattern reaches the match limit. */
void signals_watch(struct signal_finder *e, struct counters *count, rules_fault_fn *limit,
    void *with);

/* Called for each match that counts, with its text (valid during signals_find()), and how often
 * it votes for its rule's own pole and for the other. */
typedef void signals_evidence_fn(void *with, const struct rule *rule, const struct text *matched,
    unsigned own, unsigned other);

void signals_watch_evidence(struct signal_finder *e, signals_evidence_fn *fn, void *with);

const struct rules *signals_rules(const struct signal_finder *e);

/* Of the last interaction. */
const struct features *signals_features(const struct signal_finder *e);

/* Sets x->signals (valid until the next call), in the order of the rules, then those of its
 * community, and x->rules_version. */
void signals_find(struct signal_finder *e, struct interaction *x);

void signals_free(struct signal_finder *e); /* NULL is allowed */

#endif
