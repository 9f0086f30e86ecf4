/* fit_rows.h - the texts that a model is trained on, and what they are known to
 * show.
 *
 * A row is a text as n-grams, what the rules say of it, and for each dimension a
 * label.  When there are more rows than are kept, those kept are a sample in which
 * every row has the same chance (reservoir sampling, Vitter 1985). */

#ifndef ALIGNX_STAGES_FIT_ROWS_H
#define ALIGNX_STAGES_FIT_ROWS_H

#include "annotate/ngrams.h"
#include "schema/messages.h"

enum fit_label { FIT_NEUTRAL, FIT_LOW, FIT_HIGH };	/* pole 0, pole 1 */

struct fit_row {
	uint32_t *id;			/* n-grams */
	float *value;
	uint32_t len;
	uint32_t group;			/* rows that are held out together */
	bool has_name;			/* the group is one of several rows */
	uint8_t fold;
	uint8_t label[DIMENSIONS];	/* enum fit_label */
	struct intensities rules;
};

struct fit_rows {
	struct fit_row *at;
	size_t len, room;
	size_t most;			/* that are kept */
	uint64_t seen, random;		/* state of the generator; begins as the seed */
	uint32_t *slot;			/* groups by hash: index + 1 */
	uint64_t *group;		/* hashes of their names */
	size_t slots, groups;
};

/* Keeps a copy of a row, or not.  group: of any bytes; NULL: a group of its own. */
void fit_rows_add(struct fit_rows *r, const struct ngrams *text,
    const struct intensities *rules, const uint8_t label[DIMENSIONS],
    const struct text *group);

/* Deals the groups out to folds, so that those that show the same dimension lie
 * apart, in the order in which they came. */
void fit_rows_deal(struct fit_rows *r, int folds);

void fit_rows_release(struct fit_rows *r);

#endif
