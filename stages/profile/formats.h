/* profile_forms.h - the forms in which profiles travel, read back.
 *
 * A text of labels or a vector of 90 numbers, a line each; or a field of a map: of a
 * record, of a row of a test set, or of what alignx-profile wrote. */

#ifndef ALIGNX_STAGES_PROFILE_FORMS_H
#define ALIGNX_STAGES_PROFILE_FORMS_H

#include "schema/parse.h"

enum profile_from { PROFILE_FROM_HISTORY, PROFILE_FROM_PROFILE,
	PROFILE_FROM_DIRECTION, PROFILE_FROM_TEXT, PROFILE_FROM_VECTOR };

/* Reads any of the forms but a history.  -1: there is none, or it is not in order. */
int profile_form_read(enum profile_from from, struct parse *p,
    const struct reader_item *item, struct arena *a, struct direction *d,
    struct fault *f);

#endif
