/* judge.h - from intensities to directions.
 *
 * What a text shows of a dimension is its value weighed by its confidence,
 * from -1 to 1.  A single text points where that is beyond the dead zone; a
 * pair points where the difference of the two is (AlignX, section A2.4: the
 * direction belongs to the ordered pair).  Exact: sums of integers. */

#ifndef ALIGNX_SCHEMA_JUDGE_H
#define ALIGNX_SCHEMA_JUDGE_H

#include "schema/messages.h"

enum { JUDGE_SCALE = INTENSITY_FULL * INTENSITY_FULL };	/* 1.0 in evidence */

/* The direction of one text; dead_zone in [0, 1]. */
struct direction judge_text(const struct intensities *x, double dead_zone);

/* The direction of first over second.  Only dimensions whose bit in `wanted`
 * (DIMENSIONS bytes of 0 or 1; NULL: all) is set are compared. */
struct direction judge_pair(const struct intensities *first,
    const struct intensities *second, const unsigned char *wanted,
    double dead_zone);

#endif
