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

/* How sure each pole of a direction is. */
struct demographic {
	struct direction sure, likely; /* neutral in each other's dimensions */
};

/* Appends the description, hedged for what is only likely; nothing if all is neutral. */
void demographic_render(const struct demographic *d, uint64_t seed, struct buf *b);

#endif
