/* direction_of.h - from intensities to directions (AlignX, section A2.4).
 *
 * The evidence of a text on a dimension is value times confidence, from -1 to 1.  The direction
 * of a text is the sign of its evidence; up to the dead zone it is neutral.  Integer sums: exact. */

#ifndef ALIGNX_SCHEMA_DIRECTION_OF_H
#define ALIGNX_SCHEMA_DIRECTION_OF_H

#include "schema/messages.h"

enum {
	DIRECTION_OF_SCALE = INTENSITY_FULL * INTENSITY_FULL, /* evidence of 1.0 */
	DIRECTION_SHOWN = 50,     /* confidence of what a text shows, at least */
	DIRECTION_NOT_SHOWN = 20, /* and of what the other text does not, at most */
};

/* The direction of one text; dead_zone in [0, 1]. */
struct direction direction_of_text(const struct intensities *x, double dead_zone);

/* The direction of first over second: each pole that one of them surely shows (beyond the dead
 * zone, with DIRECTION_SHOWN) and the other does not. */
struct direction direction_of_pair(const struct intensities *first,
    const struct intensities *second, double dead_zone);

/* The sign of the difference, for ratings and for judgements of all answers on one scale;
 * dead_zone in [0, 2].  compared: DIMENSIONS bytes, 0 for dimensions to leave neutral; NULL:
 * compare all. */
struct direction direction_of_difference(const struct intensities *first,
    const struct intensities *second, const unsigned char *compared, double dead_zone);

#endif
