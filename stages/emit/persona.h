/* emit_persona.h - which items of a pool make the persona of a record.
 *
 * Up to so many exchanges and so many pairs, from posts other than the
 * record's and other than each other's, that agree with the record's direction
 * on as many dimensions as can be had.  Forbidden is a net conflict: on no
 * dimension of the record may the chosen exchanges, or the chosen pairs, have a
 * mean on the other side of 0.5 (so every variant of a test row keeps the
 * rule). */

#ifndef ALIGNX_STAGES_EMIT_PERSONA_H
#define ALIGNX_STAGES_EMIT_PERSONA_H

#include "stages/emit/item.h"

enum { PERSONA_ITEMS_MAX = 16 };

struct persona {
	const struct emit_item *ugc[PERSONA_ITEMS_MAX], *pair[PERSONA_ITEMS_MAX];
	size_t ugcs, pairs;
};

/* Chooses from n candidates (reordered in place); ties go by rank. */
struct persona persona_choose(const struct emit_item *record,
    const struct emit_item **candidate, size_t n, size_t ugcs, size_t pairs);

/* Share of the evidence of the chosen items that agrees with the record, from 0
 * to 1; -1 if they say nothing on its dimensions. */
double persona_agreement(const struct emit_item *record, const struct persona *p);

#endif
