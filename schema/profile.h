/* profile.h - the direction that a history of directions adds up to.
 *
 * AlignX, section A3.3 (get_profile of the released code): the mean of the
 * history's directions, 1 from 0.6 upwards, 0 from 0.4 downwards, else
 * neutral; where nothing survives, the extremes.  Here on exact counts, so
 * that 2 of 5 and 3 of 5 are treated alike (in the release rounding lets 3/5
 * pass and 2/5 fail). */

#ifndef ALIGNX_SCHEMA_PROFILE_H
#define ALIGNX_SCHEMA_PROFILE_H

#include <stdint.h>

#include "schema/messages.h"

/* Sums of a history; a zeroed struct is an empty one. */
struct profile {
	uint32_t items;
	uint32_t twice[DIMENSIONS];	/* sum of twice the published values */
};

void profile_add(struct profile *p, const struct direction *d);

/* Adds the history of a record or of a row of a test set, as far as it has
 * directions. */
void profile_add_history(struct profile *p, const struct record *r);

/* The profile's direction; neutral everywhere for an empty history and for one
 * in which every item is (the release then gives all 90 low labels). */
struct direction profile_direction(const struct profile *p);

/* The same as the released code rounds: the mean in float32, compared with 0.6
 * and 0.4, and in the fall-back with the other extreme, in float64, so that 3 of 5
 * passes and 2 of 5 does not. */
struct direction profile_direction_as_released(const struct profile *p);

#endif
