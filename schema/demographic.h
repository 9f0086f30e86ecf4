/* demographic.h - a direction as the description of a person.
 *
 * AlignX's "Demographic Information" (section A2.3): one or two sentences list the
 * interests, one to three describe the person, in other words than the labels of
 * the poles.  The seed decides which part comes first.  The clauses come from
 * schema/clauses.tsv. */

#ifndef ALIGNX_SCHEMA_DEMOGRAPHIC_H
#define ALIGNX_SCHEMA_DEMOGRAPHIC_H

#include <stdint.h>

#include "schema/direction.h"

/* Appends the description; nothing for a neutral direction. */
void demographic_render(const struct direction *d, uint64_t seed, struct buf *b);

#endif
