/* examples.h - the texts that a model is trained on, and what they are known to
 * show.
 *
 * A row is a text as n-grams, what the rules say of it, and for each dimension a
 * label.  When there are more rows than are kept, those kept are a sample in which
 * every row has the same chance (reservoir sampling, Vitter 1985). */

#ifndef ALIGNX_STAGES_FIT_EXAMPLES_H
#define ALIGNX_STAGES_FIT_EXAMPLES_H

#include "annotate/ngrams.h"
#include "schema/messages.h"

enum example_label { LABEL_NEUTRAL, LABEL_LOW, LABEL_HIGH };	/* pole 0, pole 1 */

struct example {
	uint32_t *id;			/* n-grams */
	float *value;
	uint32_t len;
	uint32_t group;			/* rows that are held out together */
	bool has_name;			/* the group is one of several rows */
	uint8_t fold;
	uint8_t label[DIMENSIONS];	/* enum example_label */
	struct intensities rules;
};

struct examples {
	struct example *at;
	size_t len, room;
	size_t most;			/* that are kept */
	uint64_t seen, random;		/* state of the generator; begins as the seed */
	uint32_t *slot;			/* groups by hash: index + 1 */
	uint64_t *group;		/* hashes of their names */
	size_t slots, groups;
};

/* Keeps a copy of a row, or not.  group: of any bytes; NULL: a group of its own. */
void examples_add(struct examples *r, const struct ngrams *text,
    const struct intensities *rules, const uint8_t label[DIMENSIONS],
    const struct text *group);

/* Deals the groups out to folds, so that those that show the same dimension lie
 * apart, in the order in which they came. */
void examples_assign_folds(struct examples *r, int folds);

void examples_release(struct examples *r);

#endif
