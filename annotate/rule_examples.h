/* rule_examples.h - does every rule do what its examples say? */

#ifndef ALIGNX_ANNOTATE_RULE_EXAMPLES_H
#define ALIGNX_ANNOTATE_RULE_EXAMPLES_H

#include "annotate/signals.h"

struct rule_examples {
	size_t examples, faults;
};

/* Runs every example of every rule; fn is called with each that fails, as
 * "file:line: sentence". */
struct rule_examples rule_examples_check(const struct rules *rules, struct signal_finder *e,
    rules_fault_fn *fn, void *with);

#endif
