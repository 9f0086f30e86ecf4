/* extract_features.h - what can be measured of a text and of where it stands.
 *
 * The features are named in annotate/rules.h and told in schema/rules/README.md.
 * One that an interaction does not have is not a number, so it is within no
 * bounds. */

#ifndef ALIGNX_STAGES_EXTRACT_FEATURES_H
#define ALIGNX_STAGES_EXTRACT_FEATURES_H

#include "schema/messages.h"
#include "annotate/rules.h"
#include "lib/match/phrase_index.h"

struct features {
	double at[FEATURES];
};

/* tokens: of the interaction's text; counts: as words_find() has them. */
struct features features_of(const struct interaction *x,
    const struct tokens *tokens, const struct words_counts *counts);

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
