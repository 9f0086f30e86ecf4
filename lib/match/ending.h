/* extract_ending.h - how what a part of a pattern matches may end, and how far.
 *
 * So it is known where a word surely begins behind it. */

#ifndef ALIGNX_STAGES_EXTRACT_ENDING_H
#define ALIGNX_STAGES_EXTRACT_ENDING_H

#include "lib/match/regex_ast.h"

struct ending {
	bool is_empty;			/* it may be nothing at all */
	bool is_word;			/* the last symbol may be one of words */
	unsigned longest;		/* characters, up to SYNTAX_NO_END */
};

struct ending ending_of(struct syntax *s);

/* Of one thing behind another. */
struct ending ending_behind(const struct ending *a, const struct ending *b);

#endif
