/* examples.h - the training examples: texts with labels.
 *
 * An example is a text as features, and a label for each dimension.  If there are more examples than are kept, those kept are a sample in which each
 * has the same chance (reservoir sampling, Vitter 1985). */

#ifndef ALIGNX_STAGES_FIT_EXAMPLES_H
#define ALIGNX_STAGES_FIT_EXAMPLES_H

#include "annotate/model_features.h"
#include "lib/core/random.h"
#include "schema/messages.h"

enum { FOLDS_MAX = 256 };

/* Pole 0 or pole 1 is shown, or neither. */
enum example_label { LABEL_LOW, LABEL_HIGH, LABEL_NEUTRAL };

struct example {
	uint32_t *id; /* of features */
	float *value;
	uint32_t len;
	uint32_t group; /* examples of a group are held out together */
	bool is_read;   /* for all dimensions, so that neutral means not shown */
	uint8_t fold;
	uint8_t label[DIMENSIONS]; /* enum example_label */
};

struct examples {
	struct example *at;
	size_t len, capacity;
	size_t max; /* examples that are kept */
	uint64_t seen;
	bool has_read;
	struct random rng;
	struct hash_index group_index;
	uint64_t *group; /* hashes of the names of groups */
	size_t groups, groups_capacity;
};

/* Keeps a copy of an example, or not.  group: any bytes; NULL: a group of its own. */
void examples_add(struct examples *x, const struct model_features *text,
    const uint8_t label[DIMENSIONS], bool is_read, const struct text *group);

/* Is it known whether an example shows a dimension?  One that was not read for all dimensions
 * counts as not showing the others only if there are none that were. */
static inline bool
examples_know(const struct examples *x, const struct example *one, int dimension)
{
	return one->label[dimension] != LABEL_NEUTRAL || one->is_read || !x->has_read;
}

/* Assigns each group to one of up to FOLDS_MAX folds, in order, and spreads the groups of a
 * label evenly. */
void examples_assign_folds(struct examples *x, int folds);

void examples_release(struct examples *x);

#endif
