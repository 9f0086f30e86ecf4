/* direction_of.h - from intensities to directions (AlignX, section A2.4).
 *
 * The evidence of a text on a dimension is value times confidence, from -1 to 1.
 * The direction of a text is the sign of its evidence, that of an ordered pair the
 * sign of the difference; up to the dead zone it is neutral.  Integer sums: exact. */

#ifndef ALIGNX_SCHEMA_DIRECTION_OF_H
#define ALIGNX_SCHEMA_DIRECTION_OF_H

#include "schema/messages.h"

enum { DIRECTION_OF_SCALE = INTENSITY_FULL * INTENSITY_FULL }; /* evidence of 1.0 */

/* The direction of one text; dead_zone in [0, 1]. */
struct direction direction_of_text(const struct intensities *x, double dead_zone);

/* The direction of first over second; dead_zone in [0, 2].  compared: DIMENSIONS
 * bytes, 0 for dimensions to leave neutral; NULL: compare all. */
struct direction direction_of_pair(const struct intensities *first,
    const struct intensities *second, const unsigned char *compared, double dead_zone);

#endif
