/* features.h - what is measured of a text and of its place in a thread.
 *
 * schema/rules/README.md describes the features.  One that an interaction does not have is
 * NaN, and so within no bounds. */

#ifndef ALIGNX_ANNOTATE_FEATURES_H
#define ALIGNX_ANNOTATE_FEATURES_H

#include "annotate/rules.h"
#include "lib/match/tokens.h"
#include "schema/messages.h"

struct features {
	double at[FEATURES];
};

/* The tokens are of the interaction's text and have their flags; hedges: how many there
 * are. */
struct features features_of(const struct interaction *x, const struct tokens *tokens,
    size_t hedges);

/* Do all bounds hold? */
static inline bool
features_hold(const struct features *f, const struct rules_bound *bound, size_t len)
{
	size_t i = 0;

	while (i < len && f->at[bound[i].feature] >= bound[i].low
	    && f->at[bound[i].feature] <= bound[i].high)
		i++;
	return i == len;
}

#endif
