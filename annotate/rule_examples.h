/* extract_check.h - does every rule do what its examples say? */

#ifndef ALIGNX_STAGES_EXTRACT_CHECK_H
#define ALIGNX_STAGES_EXTRACT_CHECK_H

#include "annotate/signals.h"

/* Runs every example of every rule.  fn is told each that fails, as
 * "file:line: sentence".  Returns their number. */
size_t check_examples(const struct rules *rules, struct engine *e,
    rules_fault_fn *fn, void *with);

/* A patterns_limit_fn; with: the struct turn, whose report is told. */
void check_say_limit(void *with, const struct rule *rule,
    const struct rules_value *at);

#endif
