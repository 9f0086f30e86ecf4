/* profile.h - the direction of a history.
 *
 * AlignX, section A3.3 (get_profile in the released code): the mean of the history's
 * directions, 1 from 0.6 upwards, 0 from 0.4 downwards, else neutral; if no dimension
 * passes, the extremes.  Computed from exact counts, so 2 of 5 and 3 of 5 are treated
 * alike (in the release, rounding lets 3/5 pass and 2/5 fail). */

#ifndef ALIGNX_SCHEMA_PROFILE_H
#define ALIGNX_SCHEMA_PROFILE_H

#include <stdint.h>

#include "schema/messages.h"

/* Sums over a history; a zeroed struct is an empty history. */
struct profile {
	uint32_t items;
	uint32_t twice[DIMENSIONS]; /* sum of twice the published values */
};

void profile_add(struct profile *p, const struct direction *d);

/* Adds the items with directions in the history of a record or benchmark row. */
void profile_add_history(struct profile *p, const struct record *r);

/* The direction of the history; neutral if it is empty or all items are neutral
 * (the release then gives all 90 low labels). */
struct direction profile_direction(const struct profile *p);

/* The same, rounded like the released code: means in float32 are compared in float64
 * with 0.6, 0.4 and the other extreme, so 3 of 5 passes and 2 of 5 does not. */
struct direction profile_direction_as_released(const struct profile *p);

#endif
