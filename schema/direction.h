/* direction.h - which pole of each dimension is preferred (AlignX, section A1).
 *
 * A person and every other program read 0, 0.5 and 1; here and in msgpack a
 * byte holds twice that: 0, 1, 2, so 1 is neutral. */

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
struct direction direction_flipped(const struct direction *d);	/* 1 - d */
bool direction_is_neutral(const struct direction *d);		/* everywhere */

/* The labels of all poles that are not neutral, in index order, joined with
 * ", " (AlignX's profile text). */
void direction_render(const struct direction *d, struct buf *b);

/* Reads such a text back: at each place the longest label that matches, so
 * labels with commas in them are safe.  -1 (bad-profile) with the byte. */
int direction_parse(const char *text, size_t len, struct direction *d,
    struct fault *f);

#endif
