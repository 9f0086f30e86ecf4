/* extract_features.h - what can be measured of a text and of where it stands.
 *
 * The features are named in schema/rules.h and told in schema/rules/README.md.
 * One that an interaction does not have is not a number, so it is within no
 * bounds. */

#ifndef ALIGNX_STAGES_EXTRACT_FEATURES_H
#define ALIGNX_STAGES_EXTRACT_FEATURES_H

#include "schema/nouns.h"
#include "schema/rules.h"
#include "stages/extract_tokens.h"

struct features {
	double at[FEATURES];
};

/* tokens: of the interaction's text, with their marks; hedges: as
 * words_find() counted them. */
struct features features_of(const struct interaction *x,
    const struct tokens *tokens, size_t hedges);

/* Do all bounds of a rule hold? */
bool features_hold(const struct features *f, const struct rule *rule);

#endif
