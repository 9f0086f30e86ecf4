/* map_weights.h - weights.tsv: how much the evidence of a rule counts, and the
 * constants that intensities are computed with.
 *
 * Read once, beside the rule files; in the arena that is given. */

#ifndef ALIGNX_STAGES_MAP_WEIGHTS_H
#define ALIGNX_STAGES_MAP_WEIGHTS_H

#include "lib/core/arena.h"
#include "annotate/rules.h"

/* What each does is told in weights.tsv. */
enum map_constant { MAP_SCALE, MAP_REPEAT, MAP_CERTAINTY, MAP_CONFLICT,
	MAP_CONSTANTS };

struct map_weights;

/* NULL with a located fault. */
struct map_weights *map_weights_read(const char *folder, struct arena *a,
    struct fault *f);

/* The factor of a rule's family times its own. */
double map_weights_factor(const struct map_weights *w, const struct text *rule);

double map_weights_constant(const struct map_weights *w, enum map_constant c);

/* Eight digits that change with the file. */
const char *map_weights_version(const struct map_weights *w);

/* Tells every factor for a rule that there is not. */
void map_weights_check(const struct map_weights *w, const struct rules *rules,
    rules_fault_fn *fn, void *with);

#endif
