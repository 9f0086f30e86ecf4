/* persona.h - chooses the items that make up the persona of a record.
 *
 * Exchanges and pairs from other posts than the record's, one from each post, that
 * agree with the record's direction on as many dimensions as possible.  A net conflict
 * is forbidden: on no dimension of the record may the mean of the chosen exchanges, or
 * of the chosen pairs, be on the other side of 0.5.  So every variant of a test row
 * obeys the rule. */

#ifndef ALIGNX_STAGES_EMIT_PERSONA_H
#define ALIGNX_STAGES_EMIT_PERSONA_H

#include "stages/emit/item.h"

enum { PERSONA_ITEMS_MAX = 16 };

struct persona {
	const struct emit_item *ugc[PERSONA_ITEMS_MAX], *pair[PERSONA_ITEMS_MAX];
	size_t ugcs, pairs;
};

/* Chooses at most ugcs exchanges and pairs pairs from n candidates (reordered in place);
 * ties go by rank. */
struct persona persona_choose(const struct emit_item *record, const struct emit_item **candidate,
    size_t n, size_t ugcs, size_t pairs);

/* Share of the evidence of the chosen items that agrees with the record, from 0
 * to 1; -1 if they have none on its dimensions. */
double persona_agreement(const struct emit_item *record, const struct persona *p);

#endif
