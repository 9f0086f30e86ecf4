/* examples.h - the training examples: texts with labels.
 *
 * An example is a text as n-grams, the intensities of the rules, and a label for each
 * dimension.  If there are more examples than are kept, those kept are a sample in which each
 * has the same chance (reservoir sampling, Vitter 1985). */

#ifndef ALIGNX_STAGES_FIT_EXAMPLES_H
#define ALIGNX_STAGES_FIT_EXAMPLES_H

#include "annotate/ngrams.h"
#include "lib/core/random.h"
#include "schema/messages.h"

enum { FOLDS_MAX = 256 };

enum example_label { LABEL_NEUTRAL, LABEL_LOW, LABEL_HIGH }; /* pole 0, pole 1 */

struct example {
	uint32_t *id; /* n-grams */
	float *value;
	uint32_t len;
	uint32_t group;  /* examples of a group are held out together */
	bool is_grouped; /* else the group is this example only */
	uint8_t fold;
	uint8_t label[DIMENSIONS]; /* enum example_label */
	struct intensities rules;
};

struct examples {
	struct example *at;
	size_t len, capacity;
	size_t max; /* examples that are kept */
	uint64_t seen;
	struct random rng;
	struct hash_index group_index;
	uint64_t *group; /* hashes of the names of groups */
	size_t groups, groups_capacity;
};

/* Keeps a copy of an example, or not.  group: any bytes; NULL: a group of its own. */
void examples_add(struct examples *x, const struct ngrams *text, const struct intensities *rules,
    const uint8_t label[DIMENSIONS], const struct text *group);

/* Assigns each group to one of up to FOLDS_MAX folds, in order, and spreads the groups of a
 * label evenly. */
void examples_assign_folds(struct examples *x, int folds);

void examples_release(struct examples *x);

#endif
