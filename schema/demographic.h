/* demographic.h - a direction told as the description of a person.
 *
 * AlignX's "Demographic Information" (section A2.3): a sentence or two that
 * list the interests, and one to three that portray the person, in words
 * other than the pole labels; which part comes first varies with the seed.
 * The clauses are those of schema/clauses.tsv. */

#ifndef ALIGNX_SCHEMA_DEMOGRAPHIC_H
#define ALIGNX_SCHEMA_DEMOGRAPHIC_H

#include <stdint.h>

#include "schema/direction.h"

/* Appends the description; nothing for a direction that is neutral throughout. */
void demographic_render(const struct direction *d, uint64_t seed, struct buf *b);

#endif
