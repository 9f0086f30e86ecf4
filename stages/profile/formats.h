/* formats.h - reads profiles: a text of labels or a vector of 90 numbers on a line, or a
 * field of a map (a record, a benchmark row, or what alignx-profile wrote). */

#ifndef ALIGNX_STAGES_PROFILE_FORMATS_H
#define ALIGNX_STAGES_PROFILE_FORMATS_H

#include "schema/parse.h"

enum profile_from {
	PROFILE_FROM_HISTORY,
	PROFILE_FROM_PROFILE,
	PROFILE_FROM_DIRECTION,
	PROFILE_FROM_TEXT,
	PROFILE_FROM_VECTOR
};

/* Reads any format but a history.  -1: there is none, or it is faulty. */
int profile_format_read(enum profile_from from, struct parse *p, const struct reader_item *item,
    struct arena *a, struct direction *d, struct fault *f);

#endif
