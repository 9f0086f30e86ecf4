/* direction.h - which pole of each dimension is preferred (AlignX, section A1).
 *
 * The published values are 0, 0.5 and 1.  Here and in msgpack a byte holds twice
 * the value: 0, 1 (neutral) or 2. */

#ifndef ALIGNX_SCHEMA_DIRECTION_H
#define ALIGNX_SCHEMA_DIRECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/buf.h"
#include "lib/core/fault.h"
#include "schema/dimension.h"

enum { DIRECTION_LOW, DIRECTION_NEUTRAL, DIRECTION_HIGH };

struct direction {
	unsigned char at[DIMENSIONS];
};

struct direction direction_neutral(void);
struct direction direction_flipped(const struct direction *d); /* 1 - d */
bool direction_is_neutral(const struct direction *d);          /* in all dimensions */

/* The labels of all poles that are not neutral, in index order, joined with
 * ", " (AlignX's profile text). */
void direction_render(const struct direction *d, struct buf *b);

/* Parses such a text; takes the longest label that matches, so labels may hold
 * commas.  -1 (bad-profile) with the byte. */
int direction_parse(const char *text, size_t len, struct direction *d, struct fault *f);

#endif
