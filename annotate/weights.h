/* weights.h - weights.tsv: how much the evidence of each rule counts, and the constants of
 * the intensities.
 *
 * Read once, from the folder of the rules, into the arena. */

#ifndef ALIGNX_ANNOTATE_WEIGHTS_H
#define ALIGNX_ANNOTATE_WEIGHTS_H

#include "lib/core/arena.h"
#include "annotate/rules.h"

/* intensity.h has the formulas. */
enum weights_constant {
	WEIGHTS_SCALE,
	WEIGHTS_REPEAT,
	WEIGHTS_CERTAINTY,
	WEIGHTS_CONFLICT,
	WEIGHTS_CONSTANTS
};

struct weights;

/* NULL with a located fault. */
struct weights *weights_read(const char *folder, struct arena *a, struct fault *f);

/* The factor of a rule's family times its own. */
double weights_factor(const struct weights *w, const struct text *rule);

double weights_look_up(const struct weights *w, enum weights_constant c);

/* Eight digits that change with the file. */
const char *weights_version(const struct weights *w);

/* Reports every factor of an unknown rule. */
void weights_check(const struct weights *w, const struct rules *rules, rules_fault_fn *fn,
    void *with);

#endif
